import assert from 'node:assert/strict';
import { hashKeyText } from '@millrace/aggregation';
import { createProducer } from '@millrace/producer';
import type { Law } from '../producers.ts';
import { opened } from '../world.ts';
import { manyRecords } from './records.ts';

/** The other way round: the Java consumer library opens what our producer wrote. */
export const ownAggregates: Readonly<Record<string, Law>> = {
  'the Java consumer library opens the aggregates of our producer, all fields equal': async (world) => {
    const streamName = 'ours';
    await world.createStream(streamName, 4);
    const odd = [
      { partitionKey: '10', data: Buffer.alloc(0) },
      { partitionKey: '9', data: Buffer.alloc(300, 255) },
      { partitionKey: '9'.repeat(256), data: Buffer.alloc(60_000, 1) },
    ];
    await using producer = createProducer({ ...world.address, streamName });
    const given = [...manyRecords(1_000), ...odd];
    await Promise.all(given.map((record) => producer.put(record)));
    let count = 0;
    for (const carrier of await world.carriers(streamName)) {
      const unpacked = await world.driver.unpack([carrier], {
        startingHashKey: hashKeyText(carrier.range.start),
        endingHashKey: hashKeyText(carrier.range.end),
      });
      const { isAggregate, records } = opened(carrier);
      assert.deepEqual(
        unpacked,
        records.map(({ partitionKey, explicitHashKey, subSequenceNumber, data }) => ({
          partitionKey,
          explicitHashKey: explicitHashKey ?? null,
          subSequenceNumber,
          aggregated: isAggregate,
          data: Buffer.from(data).toString('base64'),
        })),
      );
      count += unpacked.length;
    }
    assert.equal(count, given.length);
  },
};
