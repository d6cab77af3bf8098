import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { positionOf } from './position.ts';
import {
  COUNTER_MAX,
  formatSequenceNumber,
  parseSequenceNumber,
  sequenceNumberOf,
} from './sequence-number.ts';

const parts = fc.record(
  {
    shardCreationSeconds: fc.integer({ min: 0, max: 16_025_174_999 }),
    shardIndex: fc.nat(0x7fff_ffff),
    counter: fc.bigInt(0n, COUNTER_MAX),
    arrivalSeconds: fc.integer({ min: 0, max: 16_025_174_999 }),
  },
  { noNullPrototype: true },
);

test('a sequence number gives back what it was made of', () => {
  fc.assert(
    fc.property(parts, (given) => assert.deepEqual(parseSequenceNumber(formatSequenceNumber(given)), given)),
  );
});

test('a sequence number has 56 digits', () => {
  fc.assert(fc.property(parts, (given) => assert.match(formatSequenceNumber(given), /^\d{56}$/)));
});

test('within a shard, a later position has the larger number even when the clock steps back', () => {
  const shard = { index: 3, createdAtMs: 1_700_000_000_000 };
  const time = fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 });
  fc.assert(
    fc.property(fc.nat(), fc.nat(), time, time, (a, b, timeA, timeB) => {
      const larger =
        BigInt(sequenceNumberOf(shard, positionOf(a), timeA)) >
        BigInt(sequenceNumberOf(shard, positionOf(b), timeB));
      if (a !== b) assert.equal(larger, a > b);
    }),
  );
});

test('a number of another version or length is not read', () => {
  const ours = formatSequenceNumber({
    shardCreationSeconds: 1,
    shardIndex: 0,
    counter: 0n,
    arrivalSeconds: 1,
  });
  assert.notEqual(parseSequenceNumber(ours), undefined);
  for (const text of ['0', '12345', String(BigInt(ours) + 1n), `${ours}0`, String(2n ** 129n)]) {
    assert.equal(parseSequenceNumber(text), undefined);
  }
});
