import assert from 'node:assert/strict';
import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import type { Report } from './report.ts';
import { SHARD_IDS, type Written } from './written.ts';

const [SHARD = ''] = SHARD_IDS;
const EVENTS_MAX = 100;

/** A subscription as a consumer sees it: event after event. */
class Subscription {
  readonly #events;

  constructor(events: AsyncIterable<{ SubscribeToShardEvent?: SubscribeToShardEvent | undefined }>) {
    this.#events = events[Symbol.asyncIterator]();
  }

  async next(): Promise<SubscribeToShardEvent> {
    const { value, done } = await this.#events.next();
    assert.ok(!done && value.SubscribeToShardEvent, 'an event comes');
    return value.SubscribeToShardEvent;
  }

  /** Sequence numbers of the records that come, and where to go on behind them. */
  async take(count: number) {
    const numbers: (string | undefined)[] = [];
    for (let events = 0; events < EVENTS_MAX; events += 1) {
      const { Records = [], ContinuationSequenceNumber: continuation } = await this.next();
      numbers.push(...Records.map(({ SequenceNumber }) => SequenceNumber));
      if (numbers.length >= count) return { numbers, continuation };
    }
    assert.fail(`${numbers.length} of ${count} records after ${EVENTS_MAX} events`);
  }
}

class FanOut {
  readonly #client: KinesisClient;
  readonly #written: Written;
  readonly #streamName: string;
  readonly #arns: string[] = [];

  constructor(client: KinesisClient, written: Written, streamName: string) {
    this.#client = client;
    this.#written = written;
    this.#streamName = streamName;
  }

  async #register(StreamARN: string | undefined, ConsumerName: string): Promise<string> {
    const { Consumer } = await this.#client.send(
      new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }),
    );
    const ConsumerARN = Consumer?.ConsumerARN ?? '';
    const describe = new DescribeStreamConsumerCommand({ ConsumerARN });
    for (;;) {
      const { ConsumerDescription } = await this.#client.send(describe);
      if (ConsumerDescription?.ConsumerStatus === 'ACTIVE') return ConsumerARN;
    }
  }

  async register(): Promise<void> {
    const describe = new DescribeStreamSummaryCommand({ StreamName: this.#streamName });
    const { StreamDescriptionSummary: stream } = await this.#client.send(describe);
    for (const name of ['one', 'two']) this.#arns.push(await this.#register(stream?.StreamARN, name));
    const { StreamDescriptionSummary } = await this.#client.send(describe);
    assert.equal(StreamDescriptionSummary?.ConsumerCount, 2);
  }

  async #subscribe(consumer: 0 | 1, start: StartingPosition): Promise<Subscription> {
    const { EventStream } = await this.#client.send(
      new SubscribeToShardCommand({
        ConsumerARN: this.#arns[consumer],
        ShardId: SHARD,
        StartingPosition: start,
      }),
    );
    assert.ok(EventStream);
    return new Subscription(EventStream);
  }

  async #putLater(): Promise<string> {
    const record = { Data: Uint8Array.of(1), PartitionKey: 'later', ExplicitHashKey: '0' };
    return (await this.#written.put(record)).sequenceNumber;
  }

  #numbers(): readonly string[] {
    return this.#written.in(SHARD).map(({ sequenceNumber }) => sequenceNumber);
  }

  #first: { readonly subscription: Subscription; readonly continuation: string | undefined } | undefined;

  async push(): Promise<void> {
    const subscription = await this.#subscribe(0, { Type: 'TRIM_HORIZON' });
    const numbers = this.#numbers();
    const before = await subscription.take(numbers.length);
    assert.deepEqual(before.numbers, numbers);
    this.#first = { subscription, continuation: before.continuation };
    const next = subscription.take(1);
    const later = await this.#putLater();
    assert.deepEqual((await next).numbers, [later]);
  }

  async goOn(): Promise<void> {
    const SequenceNumber = this.#first?.continuation;
    assert.ok(SequenceNumber);
    const second = await this.#subscribe(1, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
    const expected = this.#numbers().slice(-1);
    assert.deepEqual((await second.take(1)).numbers, expected);
  }

  async subscribeAgain(): Promise<void> {
    await assert.rejects(this.#subscribe(1, { Type: 'LATEST' }), ResourceInUseException);
  }

  async deregister(): Promise<void> {
    const next = this.#first?.subscription.next();
    assert.ok(next);
    const ended = assert.rejects(next, ResourceNotFoundException);
    for (const ConsumerARN of this.#arns) {
      await this.#client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    }
    await ended;
  }
}

export const tellFanOut = async (
  client: KinesisClient,
  written: Written,
  streamName: string,
  report: Report,
): Promise<void> => {
  const fanOut = new FanOut(client, written, streamName);
  await report.law('registers consumers and waits until they are active', () => fanOut.register());
  await report.law('SubscribeToShard pushes what is there and what comes later', () => fanOut.push());
  await report.law('another consumer goes on behind the continuation', () => fanOut.goOn());
  await report.law('a second subscription is the ResourceInUseException of the SDK', () =>
    fanOut.subscribeAgain(),
  );
  await report.law('deregistering ends a subscription with the ResourceNotFoundException of the SDK', () =>
    fanOut.deregister(),
  );
};
