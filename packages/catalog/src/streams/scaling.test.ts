import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divideHashKeySpace, type HashKeyRange } from '@millrace/core';
import fc from 'fast-check';
import type { Reshape } from './resharding.ts';
import { reshapesTowards } from './scaling.ts';
import type { Shard } from './stream.ts';

const shardsOf = (ranges: readonly HashKeyRange[], firstIndex = 0): Shard[] =>
  ranges.map((range, place) => ({ index: firstIndex + place, range, createdAtMs: 0, parents: [] }));

/** The open shards after a step; fails when the children do not cover exactly what their parents did. */
const after = (shards: readonly Shard[], reshapes: readonly Reshape[]): Shard[] => {
  const parents = reshapes.flatMap((reshape) => reshape.parents);
  assert.equal(new Set(parents).size, parents.length, 'a shard takes part once');
  for (const reshape of reshapes) {
    const ranges = reshape.parents.map((index) => shards.find((shard) => shard.index === index)?.range);
    assert.equal(reshape.parents.length + reshape.ranges.length, 3);
    assert.equal(ranges[0]?.start, reshape.ranges[0]?.start);
    assert.equal(ranges.at(-1)?.end, reshape.ranges.at(-1)?.end);
  }
  const children = shardsOf(
    reshapes.flatMap(({ ranges }) => ranges),
    Math.max(...shards.map(({ index }) => index)) + 1,
  );
  return [...shards.filter(({ index }) => !parents.includes(index)), ...children];
};

const scaled = (first: readonly Shard[], shardCount: number, atATime: number) => {
  let shards = [...first];
  let made = shards.length;
  for (;;) {
    const reshapes = reshapesTowards(shardCount, shards, atATime);
    if (reshapes.length === 0) return { shards, made };
    assert.ok(reshapes.length <= atATime);
    shards = after(shards, reshapes);
    made += reshapes.reduce((sum, { ranges }) => sum + ranges.length, 0);
    assert.ok(made < 10_000, 'it ends');
  }
};

const rangesOf = (shards: readonly Shard[]): HashKeyRange[] =>
  shards.map(({ range }) => range).sort((a, b) => (a.start < b.start ? -1 : 1));

test('from any shards, any number of shards ends as CreateStream divides', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.array(step, { maxLength: 4 }), (count, steps) => {
      let shards = shardsOf(divideHashKeySpace(count));
      for (const [shardCount, atATime] of steps) {
        // Cut short, so that the next one starts from shards that are not even.
        shards = after(shards, reshapesTowards(shardCount, shards, atATime));
        const done = scaled(shards, shardCount, atATime);
        assert.deepEqual(rangesOf(done.shards), divideHashKeySpace(shardCount));
      }
    }),
  );
});

test('even shards are left alone', () => {
  assert.deepEqual(reshapesTowards(7, shardsOf(divideHashKeySpace(7)), 64), []);
});

test('doubling splits every shard once, halving merges every pair once', () => {
  assert.equal(scaled(shardsOf(divideHashKeySpace(4)), 8, 64).made, 4 + 8);
  assert.equal(scaled(shardsOf(divideHashKeySpace(8)), 4, 64).made, 8 + 4);
});

test('one shard becomes many in as many rounds as doublings', () => {
  let shards = shardsOf(divideHashKeySpace(1));
  for (let round = 0; round < 6; round++) {
    shards = after(shards, reshapesTowards(64, shards, 64));
  }
  assert.deepEqual(rangesOf(shards), divideHashKeySpace(64));
});
