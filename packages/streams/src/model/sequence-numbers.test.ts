import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shard } from '@millrace/catalog';
import { type HashKey, positionOf, sequenceNumberOf } from '@millrace/core';
import fc from 'fast-check';
import {
  endingNumberOf,
  readSequenceNumber,
  sequenceNumbersOf,
  startingNumberOf,
} from './sequence-numbers.ts';

const aShard = (changes: Partial<Shard> = {}): Shard => ({
  index: 5,
  range: { start: 0n as HashKey, end: 0n as HashKey },
  createdAtMs: 1_790_000_000_123,
  parents: [],
  ...changes,
});

test('numbers made together are those made one by one', () => {
  const times = fc.integer({ min: 0, max: 16_000_000_000_000 });
  const positions = fc.nat(Number.MAX_SAFE_INTEGER - 1);
  fc.assert(
    fc.property(fc.nat(0x7fff_ffff), times, times, positions, (index, createdAtMs, arrivalMs, position) => {
      const shard = aShard({ index, createdAtMs });
      const made = sequenceNumbersOf(shard, arrivalMs)(positionOf(position));
      assert.equal(made, sequenceNumberOf(shard, positionOf(position), arrivalMs));
    }),
  );
});

/** Which of the shard's records is the first whose number lies above this many times 10^30. */
const positionAbove = (shard: Shard, multiple: number): number => {
  const first = BigInt(sequenceNumberOf(shard, positionOf(0), 0));
  const carry = (first / 10n ** 30n + BigInt(multiple)) * 10n ** 30n;
  return Number((carry - first) >> 80n);
};

test('numbers in a row are those made one by one, over every carry', () => {
  const multiples = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(
      fc.nat(0x7fff_ffff),
      fc.oneof(fc.constant(0), multiples),
      fc.nat(2000),
      (index, multiple, back) => {
        const shard = aShard({ index });
        const start = Math.max(0, (multiple === 0 ? 0 : positionAbove(shard, multiple)) - back);
        const numberOf = sequenceNumbersOf(shard, 0);
        for (let position = start; position < start + back + 10; position += 1) {
          const plain = sequenceNumberOf(shard, positionOf(position), 0);
          assert.equal(numberOf(positionOf(position)), plain);
        }
      },
    ),
  );
});

test('positions may be asked for in any order', () => {
  const numberOf = sequenceNumbersOf(aShard(), 0);
  for (const position of [7, 8, 3, 3, 4, 9]) {
    const plain = sequenceNumberOf(aShard(), positionOf(position), 0);
    assert.equal(numberOf(positionOf(position)), plain);
  }
});

test('all numbers of a shard lie between its starting and its ending number', () => {
  const shard = aShard({ closed: { atMs: 1_790_000_500_000, end: positionOf(9) } });
  const numberOf = sequenceNumbersOf(shard, 1_790_000_900_000);
  const ending = BigInt(endingNumberOf(shard) ?? '');
  for (const position of [0, 8, 2 ** 47]) {
    const number = BigInt(numberOf(positionOf(position)));
    assert.ok(BigInt(startingNumberOf(shard)) < number && number < ending);
  }
  assert.equal(endingNumberOf(aShard()), undefined);
});

test('a number of ours tells all its parts', () => {
  const number = sequenceNumberOf(aShard(), positionOf(41), 1_790_000_001_999);
  assert.deepEqual(readSequenceNumber(number), {
    version: 2,
    shardCreationSeconds: 1_790_000_000,
    shardIndex: 5,
    counter: 42n,
    arrivalSeconds: 1_790_000_001,
  });
});

test('a small number is one of version 0, with the shard in its last digits', () => {
  assert.deepEqual(readSequenceNumber('0'), { version: 0, shardIndex: 0 });
  assert.deepEqual(readSequenceNumber('65537'), { version: 0, shardIndex: 1 });
});

test('a number that AWS cannot have made is unreadable', () => {
  const ours = BigInt(startingNumberOf(aShard()));
  const tooHighCounter = ours | (1n << 143n);
  for (const value of [1n << 129n, 1n << 150n, 3n << 184n, ours + 1n, ours * 16n, tooHighCounter]) {
    assert.equal(readSequenceNumber(String(value)), undefined, String(value));
  }
});
