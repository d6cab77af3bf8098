import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Report } from './report.ts';
import { HASH_KEY_MAX, SHARD_IDS, type Written } from './written.ts';

const MEBIBYTE = 1024 * 1024;
const JUST_NOW_MS = 300_000;
const BATCH_LIMIT = 60;
const KEYS_BEYOND_ASCII = [
  'Zürich',
  '东京',
  'Нева',
  'e\u0301',
  '🌊',
  '𝒦𝒾𝓃𝑒𝓈𝒾𝓈',
  '🏳️‍🌈 Köln 東京',
  '\u{10ffff}',
];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, place) => (seed + 31 * place) % 256);
const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const putOne = async (written: Written): Promise<void> => {
  const Data = Uint8Array.of(0, 111, 110, 101, 255);
  const { shardId, sequenceNumber } = await written.put({ Data, PartitionKey: 'first' });
  const [record] = await written.readFrom(shardId, {
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: sequenceNumber,
  });
  assert.deepEqual(Uint8Array.from(record?.Data ?? []), Data);
  assert.equal(record?.PartitionKey, 'first');
  assert.equal(record?.SequenceNumber, sequenceNumber);
  const arrived = record?.ApproximateArrivalTimestamp;
  assert.ok(Math.abs(Date.now() - Number(arrived)) < JUST_NOW_MS, `arrived ${arrived}`);
};

const putBatch = async (written: Written): Promise<void> => {
  const batch = Array.from({ length: 500 }, (_, n) => ({
    Data: bytes(`record ${n}`),
    PartitionKey: `key-${n}`,
  }));
  await written.putAll(batch);
  for (const shardId of SHARD_IDS) {
    const iterator = await written.iterator(shardId, { ShardIteratorType: 'TRIM_HORIZON' });
    const told = (await written.read(iterator, BATCH_LIMIT)).map((record) => ({
      shardId,
      sequenceNumber: record.SequenceNumber,
      record: { Data: Uint8Array.from(record.Data ?? []), PartitionKey: record.PartitionKey },
    }));
    assert.deepEqual(told, written.in(shardId));
  }
};

const putWithHashKeys = async (written: Written): Promise<void> => {
  const edges = (await written.shards()).flatMap(({ ShardId, HashKeyRange }) => [
    { shardId: ShardId, edge: HashKeyRange?.StartingHashKey },
    { shardId: ShardId, edge: HashKeyRange?.EndingHashKey },
  ]);
  const records = edges.map(({ edge }) => ({
    Data: bytes('edge'),
    PartitionKey: 'same',
    ExplicitHashKey: edge,
  }));
  const expected = edges.map(({ shardId }) => shardId);
  assert.deepEqual(
    (await written.putAll(records)).map(({ shardId }) => shardId),
    expected,
  );
  const single = await Promise.all(records.map((record) => written.put(record)));
  assert.deepEqual(
    single.map(({ shardId }) => shardId),
    expected,
  );
};

const putLarge = async (written: Written): Promise<void> => {
  const PartitionKey = 'large';
  const place = { PartitionKey, ExplicitHashKey: String(HASH_KEY_MAX) };
  const data = Array.from({ length: 9 }, (_, seed) => pattern(MEBIBYTE - PartitionKey.length, seed));
  const [first, ...rest] = data.map((Data) => ({ Data, ...place }));
  assert.ok(first);
  const { shardId, sequenceNumber } = await written.put(first);
  await written.putAll(rest);
  const records = await written.readFrom(shardId, {
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: sequenceNumber,
  });
  const got = records.map(({ Data }) => digest(Data ?? new Uint8Array()));
  assert.deepEqual(got.sort(), data.map(digest).sort());
};

const putBeyondAscii = async (written: Written): Promise<void> => {
  const shards = await written.shards();
  for (const PartitionKey of KEYS_BEYOND_ASCII) {
    const hash = BigInt(`0x${createHash('md5').update(PartitionKey, 'utf8').digest('hex')}`);
    const home = shards.find(({ HashKeyRange }) => hash <= BigInt(HashKeyRange?.EndingHashKey ?? 0));
    const { shardId, sequenceNumber } = await written.put({ Data: bytes(PartitionKey), PartitionKey });
    assert.equal(shardId, home?.ShardId, PartitionKey);
    const [record] = await written.readFrom(shardId, {
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: sequenceNumber,
    });
    assert.equal(record?.PartitionKey, PartitionKey);
  }
};

export const tellRecords = async (written: Written, report: Report): Promise<void> => {
  await report.law('puts one record and reads it back', () => putOne(written));
  await report.law('puts a batch of 500 and reads every record back', () => putBatch(written));
  await report.law('an explicit hash key chooses the shard', () => putWithHashKeys(written));
  await report.law('records of 1 MiB come back whole', () => putLarge(written));
  await report.law('a partition key beyond ASCII is routed by its UTF-8 bytes', () =>
    putBeyondAscii(written),
  );
};
