import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Shard, streamIdOf } from '@millrace/catalog';
import {
  divideHashKeySpace,
  HASH_KEY_MAX,
  type HashKey,
  type HashKeyRange,
  hashKeyOf,
  positionOf,
} from '@millrace/core';
import fc from 'fast-check';
import { Routing, routeFor } from './routing.ts';

const STREAM = streamIdOf('0123456789abcdef');

const shardsOf = (ranges: readonly HashKeyRange[]): Shard[] =>
  ranges.map((range, index) => ({ index, range, createdAtMs: 0, parents: [] }));

/** Cuts the space at any points, as splits and merges would. */
const someRanges = fc.uniqueArray(fc.bigInt(1n, HASH_KEY_MAX), { maxLength: 20 }).map((cuts) => {
  const starts = [0n, ...cuts.sort((a, b) => (a < b ? -1 : 1))];
  return starts.map((start, index) => ({
    start: start as HashKey,
    end: ((starts[index + 1] ?? HASH_KEY_MAX + 1n) - 1n) as HashKey,
  }));
});

const naive = (ranges: readonly HashKeyRange[], key: bigint): number =>
  ranges.findIndex(({ start, end }) => start <= key && key <= end);

test('a hash key goes to the shard whose range holds it, also at the edges', () => {
  fc.assert(
    fc.property(someRanges, fc.bigInt(0n, HASH_KEY_MAX), (ranges, key) => {
      const routing = new Routing(STREAM, shardsOf(ranges).reverse());
      const edges = ranges.flatMap(({ start, end }) => [start, end]);
      for (const each of [key as HashKey, ...edges]) {
        assert.equal(routing.forHashKey(each).shard.index, naive(ranges, each));
      }
    }),
  );
});

test('a partition key goes where its hash key goes', () => {
  const keys = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 256 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), keys, (count, key) => {
      const ranges = divideHashKeySpace(count);
      const { shard } = new Routing(STREAM, shardsOf(ranges)).forPartitionKey(key);
      assert.equal(shard.index, naive(ranges, hashKeyOf(key)));
    }),
  );
});

test('a route names the shard and its log', () => {
  const routing = new Routing(STREAM, shardsOf(divideHashKeySpace(12)));
  const { shardId, log } = routeFor(routing, 'a', String(HASH_KEY_MAX));
  assert.deepEqual([shardId, log], ['shardId-000000000011', '0123456789abcdef-11']);
});

test('open shards that do not tile the space are a fault', () => {
  const [first, second] = shardsOf(divideHashKeySpace(2));
  assert.ok(first && second);
  for (const shards of [[first], [second], [], [first, first, second]]) {
    assert.throws(() => new Routing(STREAM, shards), /open shards of/);
  }
  const closed = { ...second, closed: { atMs: 0, end: positionOf(0) } };
  assert.throws(() => new Routing(STREAM, [first, closed, closed]), /overlap/);
});
