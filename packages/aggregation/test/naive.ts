import { createHash } from 'node:crypto';
import type { UserRecord } from '@millrace/aggregation';
import fc from 'fast-check';

/** The format written down as plainly as can be, piece by piece, so that odd messages can be made too. */
export const varint = (value: number | bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) + 128);
  return Buffer.from([...bytes, Number(rest)]);
};

export const number = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field * 8), varint(value)]);

export const content = (field: number, value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
};

export const envelope = (...message: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(message);
  const digest = createHash('md5').update(bytes).digest();
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), bytes, digest]);
};

export const entry = (...fields: readonly Buffer[]): Buffer => content(3, Buffer.concat(fields));

export const naiveAggregate = (records: readonly UserRecord[]): Buffer => {
  const partitionKeys = [...new Set(records.map(({ partitionKey }) => partitionKey))];
  const hashKeys = [...new Set(records.flatMap(({ explicitHashKey }) => explicitHashKey ?? []))];
  const entries = records.map(({ partitionKey, explicitHashKey, data }) =>
    entry(
      number(1, partitionKeys.indexOf(partitionKey)),
      ...(explicitHashKey === undefined ? [] : [number(2, hashKeys.indexOf(explicitHashKey))]),
      content(3, data),
    ),
  );
  return envelope(
    ...partitionKeys.map((key) => content(1, key)),
    ...hashKeys.map((key) => content(2, key)),
    ...entries,
  );
};

const partitionKey = fc.oneof(
  fc.nat(300).map(String),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ minLength: 120, maxLength: 140 }),
);
const explicitHashKey = fc.option(fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, (1n << 128n) - 1n)).map(String), {
  nil: undefined,
});
/** Around the lengths at which a varint gets longer, too. */
const data = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.integer({ min: 100, max: 140 }).map((length) => new Uint8Array(length)),
  fc.integer({ min: 16_360, max: 16_390 }).map((length) => new Uint8Array(length)),
);

export const userRecord: fc.Arbitrary<UserRecord> = fc.record({ partitionKey, explicitHashKey, data });
export const userRecords = (minLength: number): fc.Arbitrary<UserRecord[]> =>
  fc.array(userRecord, { minLength, maxLength: 200, size: 'max' });
