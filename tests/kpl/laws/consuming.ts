import assert from 'node:assert/strict';
import { type ConsumedRecord, createConsumer, MemoryLeaseStore } from '@millrace/consumer';
import type { Law } from '../producers.ts';
import { opened, poll } from '../world.ts';
import { aggregatingStream, manyRecords, withoutFirst } from './records.ts';

const placeOf = ({ shardId, sequenceNumber }: { shardId: string; sequenceNumber: string }): string =>
  `${shardId} ${sequenceNumber}`;

const numberOf = ({ data }: Pick<ConsumedRecord, 'data'>): number =>
  Number(String(data).slice('order '.length));

/** Our consumer reads what the library wrote. */
export const consuming: Readonly<Record<string, Law>> = {
  'our consumer gets each user record once, with its keys and its place, in the order of its shard': async (
    world,
  ) => {
    const streamName = 'consumed';
    await aggregatingStream(world, streamName, 4);
    const given = manyRecords(2_000);
    const outcomes = await world.driver.put('trusting', streamName, given);
    const seen: ConsumedRecord[] = [];
    await using consumer = createConsumer({
      ...world.address,
      streamName,
      applicationName: 'reader',
      leaseStore: new MemoryLeaseStore(),
      readPauseMs: 10,
      idleMs: 20,
    });
    const ended = consumer.run((record) => {
      if (String(record.data).startsWith('order ')) seen.push(record);
    });
    await poll('reading all', () => (seen.length >= given.length ? true : undefined));
    await consumer.stop();
    await ended;

    assert.deepEqual(
      seen.map(numberOf).sort((a, b) => a - b),
      given.map((_, number) => number),
    );
    for (const record of seen) {
      const number = numberOf(record);
      assert.equal(record.partitionKey, given[number]?.partitionKey);
      assert.equal(record.explicitHashKey, given[number]?.explicitHashKey);
      assert.equal(placeOf(record), placeOf(outcomes[number] ?? { shardId: '', sequenceNumber: '' }));
    }
    const carriers = withoutFirst(await world.carriers(streamName));
    const placesByShard = Map.groupBy(seen, ({ shardId }) => shardId);
    for (const [shardId, users] of placesByShard) {
      const lying = carriers.filter((carrier) => carrier.shardId === shardId);
      assert.deepEqual(
        users.map(({ sequenceNumber, subSequenceNumber }) => `${sequenceNumber} ${subSequenceNumber}`),
        lying.flatMap((carrier) =>
          opened(carrier).records.map(
            ({ subSequenceNumber }) => `${carrier.sequenceNumber} ${subSequenceNumber}`,
          ),
        ),
      );
    }
  },
};
