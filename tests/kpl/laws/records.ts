import assert from 'node:assert/strict';
import {
  AGGREGATE_PARTITION_KEY,
  AggregateBuilder,
  covers,
  decodeAggregate,
  effectiveHashKey,
} from '@millrace/aggregation';
import type { GivenRecord, KplOutcome } from '../driver.ts';
import type { Law } from '../producers.ts';
import { type Carrier, type KplWorld, opened, poll } from '../world.ts';

const AGGREGATION_BYTES_MAX = 51_200;
const HASH_KEY_MAX = (1n << 128n) - 1n;

/** Keys of all sorts; every seventh record says where it belongs. */
export const manyRecords = (count: number): GivenRecord[] =>
  Array.from({ length: count }, (_, number) => ({
    partitionKey: `kunde ${number % 97} çß漢🙂`,
    explicitHashKey: number % 7 === 0 ? String((HASH_KEY_MAX / 50n) * BigInt(number % 50)) : undefined,
    data: Buffer.from(`order ${number}`),
  }));

/** A user record and where it lies, as text. */
const told = (
  { partitionKey, explicitHashKey, data }: GivenRecord,
  { shardId, sequenceNumber }: { shardId: string; sequenceNumber: string },
): string =>
  [shardId, sequenceNumber, partitionKey, explicitHashKey ?? '-', Buffer.from(data).toString('hex')].join(
    ' ',
  );

/** Every record lies once where its outcome says, and nothing else lies there. */
const assertAllThere = (
  given: readonly GivenRecord[],
  outcomes: readonly KplOutcome[],
  carriers: readonly Carrier[],
): void => {
  const expected = given.map((record, index) => told(record, outcomes[index] as KplOutcome));
  const found = carriers.flatMap((carrier) => opened(carrier).records.map((user) => told(user, carrier)));
  assert.deepEqual(found.sort(), expected.sort());
};

const FIRST = Buffer.from('first');

const isFirst = (data: Uint8Array): boolean => FIRST.equals(data);

/** Records that come before the library knows the shards go alone: it is given some until it aggregates. */
export const aggregatingStream = async (world: KplWorld, stream: string, shards: number): Promise<void> => {
  await world.createStream(stream, shards);
  await poll('aggregating', async () => {
    const first = Array.from({ length: 20 }, () => ({ partitionKey: 'first', data: FIRST }));
    await world.driver.put('trusting', stream, first);
    return (await world.carriers(stream)).find((carrier) => opened(carrier).isAggregate);
  });
};

/** What came after those. */
export const withoutFirst = (carriers: readonly Carrier[]): Carrier[] =>
  carriers.filter((carrier) => !opened(carrier).records.every(({ data }) => isFirst(data)));

const bytesOf = (text: string, bytes: number): Buffer => Buffer.alloc(bytes, text);

/** What the library makes of records, read back from the shards. */
export const records: Readonly<Record<string, Law>> = {
  'many small records lie in few, each where its result says': async (world) => {
    await aggregatingStream(world, 'aggregated', 4);
    const given = manyRecords(2_000);
    const outcomes = await world.driver.put('trusting', 'aggregated', given);
    const carriers = withoutFirst(await world.carriers('aggregated'));
    assertAllThere(given, outcomes, carriers);
    assert(carriers.length < 100, `${carriers.length} records carry them`);
    for (const { attempts } of outcomes)
      assert.deepEqual(
        attempts.map(({ successful }) => successful),
        [true],
      );
  },

  'its aggregates are decoded, and encoded again to the same bytes': async (world) => {
    await aggregatingStream(world, 'bytes', 2);
    await world.driver.put('trusting', 'bytes', manyRecords(500));
    const found = withoutFirst(await world.carriers('bytes'));
    assert(found.length > 1);
    for (const { partitionKey, data } of found) {
      assert.equal(partitionKey, AGGREGATE_PARTITION_KEY);
      const builder = new AggregateBuilder();
      for (const user of decodeAggregate(data) ?? []) builder.add(user);
      const again = builder.build().data;
      assert.equal(Buffer.from(again).toString('hex'), Buffer.from(data).toString('hex'));
    }
  },

  'a record beyond AggregationMaxSize goes alone, with its own key': async (world) => {
    await world.createStream('large', 4);
    const given = [AGGREGATION_BYTES_MAX + 1, 900_000].flatMap((bytes) =>
      ['ada', 'grace'].map((partitionKey) => ({ partitionKey, data: bytesOf(partitionKey, bytes) })),
    );
    const outcomes = await world.driver.put('trusting', 'large', given);
    const carriers = await world.carriers('large');
    assert.equal(carriers.length, given.length);
    assertAllThere(given, outcomes, carriers);
  },

  'without aggregation every record is one, by its partition key or its explicit hash key': async (world) => {
    await world.createStream('plain', 4);
    const given = manyRecords(700);
    const outcomes = await world.driver.put('plain', 'plain', given);
    const carriers = await world.carriers('plain');
    assert.equal(carriers.length, given.length);
    const byPlace = new Map(
      carriers.map((carrier) => [`${carrier.shardId} ${carrier.sequenceNumber}`, carrier]),
    );
    for (const [index, record] of given.entries()) {
      const { shardId, sequenceNumber } = outcomes[index] as KplOutcome;
      const carrier = byPlace.get(`${shardId} ${sequenceNumber}`);
      assert(carrier !== undefined, `record ${index}`);
      assert.equal(carrier.partitionKey, record.partitionKey);
      assert.equal(Buffer.from(carrier.data).toString(), `order ${index}`);
      const hashKey = effectiveHashKey(record);
      assert(hashKey !== undefined && covers(carrier.range, hashKey), `record ${index} in ${shardId}`);
    }
  },
};
