import assert from 'node:assert/strict';
import type { Report } from './report.ts';
import { SHARD_IDS, type Start, type Written } from './written.ts';

/** Holds what the laws before have put there. */
const [SHARD = ''] = SHARD_IDS;

const numbersRead = async (written: Written, start: Start): Promise<readonly (string | undefined)[]> =>
  (await written.readFrom(SHARD, start)).map(({ SequenceNumber }) => SequenceNumber);

const numbersWritten = (written: Written): readonly string[] =>
  written.in(SHARD).map(({ sequenceNumber }) => sequenceNumber);

const readAll = async (written: Written): Promise<void> => {
  assert.ok(numbersWritten(written).length > 3, 'there is something to read');
  assert.deepEqual(
    await numbersRead(written, { ShardIteratorType: 'TRIM_HORIZON' }),
    numbersWritten(written),
  );
};

/** Starts in the middle; `skipped` records from there on are not to come. */
const readByNumber = async (
  written: Written,
  ShardIteratorType: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER',
  skipped: number,
): Promise<void> => {
  const numbers = numbersWritten(written);
  const middle = Math.floor(numbers.length / 2);
  const start = { ShardIteratorType, StartingSequenceNumber: numbers[middle] };
  assert.deepEqual(await numbersRead(written, start), numbers.slice(middle + skipped));
};

const readByTime = async (written: Written): Promise<void> => {
  const all = await written.readFrom(SHARD, { ShardIteratorType: 'TRIM_HORIZON' });
  const Timestamp = all.at(-1)?.ApproximateArrivalTimestamp;
  assert.ok(Timestamp);
  const first = all.findIndex(({ ApproximateArrivalTimestamp: time }) => Number(time) >= Number(Timestamp));
  const expected = all.slice(first).map(({ SequenceNumber }) => SequenceNumber);
  assert.deepEqual(await numbersRead(written, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp }), expected);
};

const readLatest = async (written: Written): Promise<void> => {
  const iterator = await written.iterator(SHARD, { ShardIteratorType: 'LATEST' });
  const { sequenceNumber } = await written.put({
    Data: Uint8Array.of(1),
    PartitionKey: 'later',
    ExplicitHashKey: '0',
  });
  const records = await written.read(iterator);
  assert.deepEqual(
    records.map(({ SequenceNumber }) => SequenceNumber),
    [sequenceNumber],
  );
};

export const tellIterators = async (written: Written, report: Report): Promise<void> => {
  await report.law('TRIM_HORIZON starts at the oldest record', () => readAll(written));
  await report.law('AT_SEQUENCE_NUMBER starts at that record', () =>
    readByNumber(written, 'AT_SEQUENCE_NUMBER', 0),
  );
  await report.law('AFTER_SEQUENCE_NUMBER starts behind that record', () =>
    readByNumber(written, 'AFTER_SEQUENCE_NUMBER', 1),
  );
  await report.law('AT_TIMESTAMP starts at the first record of that time', () => readByTime(written));
  await report.law('LATEST gives only what comes after', () => readLatest(written));
};
