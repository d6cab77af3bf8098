import { FakeClock } from '@millrace/client-common/testing';
import { Producer, type ProducerOptions } from '@millrace/producer';
import { FakeService, type Faults } from './fake-service.ts';

export interface Subject {
  readonly clock: FakeClock;
  readonly service: FakeService;
  readonly producer: Producer;
  put(partitionKey: string, data?: string | number): ReturnType<Producer['put']>;
}

/** A producer that knows its shards, and every answer takes 10 ms. */
export const aProducer = async (
  options: Partial<ProducerOptions> = {},
  { shards = 1, faults = {}, isKnown = true }: { shards?: number; faults?: Faults; isKnown?: boolean } = {},
): Promise<Subject> => {
  const clock = new FakeClock();
  const service = new FakeService(clock, { shards, faults });
  service.latencyMs = { least: 5, most: 5 };
  const producer = new Producer({ streamName: 'orders', ...options }, { clock, transport: service });
  if (isKnown) await clock.advance(5);
  return {
    clock,
    service,
    producer,
    put: (partitionKey, data = 'data') =>
      producer.put({ partitionKey, data: typeof data === 'number' ? Buffer.alloc(data) : Buffer.from(data) }),
  };
};

/** What becomes of it, seen from now on; an unobserved failure would end the test. */
export const watch = <Result>(
  promise: Promise<Result>,
): { result?: Result; error?: { code?: string; message: string } } => {
  const seen: { result?: Result; error?: { code?: string; message: string } } = {};
  promise.then(
    (result) => {
      seen.result = result;
    },
    (error) => {
      seen.error = error;
    },
  );
  return seen;
};
