import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shard, Stream } from '@millrace/catalog';
import { HASH_KEY_MAX, type HashKey, positionOf } from '@millrace/core';
import fc from 'fast-check';
import { filterShards, type ShardFilter } from './shard-filter.ts';

const DAY_MS = 24 * 3_600_000;

/** A stream whose shards were split again and again, at any times, some of them long ago. */
const aHistory = fc
  .record({
    createdAtMs: fc.integer({ min: 0, max: 3 * DAY_MS }),
    splits: fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: DAY_MS })), { maxLength: 6 }),
  })
  .map(({ createdAtMs, splits }) => {
    const shards: Shard[] = [
      { index: 0, range: { start: 0n as HashKey, end: HASH_KEY_MAX }, createdAtMs, parents: [] },
    ];
    let nowMs = createdAtMs;
    for (const [pick, waitMs] of splits) {
      nowMs += waitMs;
      const open = shards.filter(({ closed }) => closed === undefined);
      const parent = open[pick % open.length];
      assert.ok(parent);
      const { start, end } = parent.range;
      const middle = ((start + end) / 2n) as HashKey;
      shards[parent.index] = { ...parent, closed: { atMs: nowMs, end: positionOf(0) } };
      for (const range of [
        { start, end: middle },
        { start: (middle + 1n) as HashKey, end },
      ]) {
        shards.push({ index: shards.length, range, createdAtMs: nowMs, parents: [parent.index] });
      }
    }
    const stream = { status: 'ACTIVE', createdAtMs, retentionHours: 24, shards } as unknown as Stream;
    return { stream, lastMs: nowMs };
  });

const someFilter: fc.Arbitrary<ShardFilter> = fc.oneof(
  fc
    .constantFrom('AT_LATEST', 'AT_TRIM_HORIZON', 'FROM_TRIM_HORIZON')
    .map((type) => ({ type }) as ShardFilter),
  fc.record({
    type: fc.constantFrom('AT_TIMESTAMP' as const, 'FROM_TIMESTAMP' as const),
    timestampMs: fc.integer({ min: 0, max: 10 * DAY_MS }),
  }),
  fc.record({ type: fc.constant('AFTER_SHARD_ID' as const), shardIndex: fc.nat(15) }),
);

/** The rules as they are written, on one shard. */
const naive = ({ stream, nowMs }: { stream: Stream; nowMs: number }, filter: ShardFilter, shard: Shard) => {
  const horizon = Math.max(nowMs - DAY_MS, stream.createdAtMs);
  const { closed, createdAtMs, index } = shard;
  if (closed && closed.atMs < horizon) return false;
  const openAt = (t: number) => createdAtMs <= t && (closed === undefined || closed.atMs >= t);
  if (filter.type === 'AT_LATEST') return !closed;
  if (filter.type === 'AT_TRIM_HORIZON') return openAt(horizon);
  if (filter.type === 'AFTER_SHARD_ID') return index > filter.shardIndex;
  if (filter.type === 'AT_TIMESTAMP') return openAt(Math.max(filter.timestampMs, horizon));
  if (filter.type === 'FROM_TIMESTAMP')
    return !closed || closed.atMs >= Math.max(filter.timestampMs, horizon);
  return true;
};

test('a filter shows the shards that its rule says', () => {
  fc.assert(
    fc.property(aHistory, someFilter, fc.nat(2 * DAY_MS), ({ stream, lastMs }, filter, later) => {
      const nowMs = lastMs + later;
      assert.deepEqual(
        filterShards(stream, filter, nowMs),
        stream.shards.filter((shard) => naive({ stream, nowMs }, filter, shard)),
      );
    }),
  );
});

const coversTheSpace = (shards: readonly Shard[]): boolean => {
  const inOrder = shards.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
  let next = 0n;
  for (const { range } of inOrder) {
    if (range.start > next) return false;
    if (range.end >= next) next = range.end + 1n;
  }
  return next === HASH_KEY_MAX + 1n;
};

test('a reader that starts at any one time gets shards that cover the whole hash key space', () => {
  const atOneTime = someFilter.filter(({ type }) => type.startsWith('AT_'));
  fc.assert(
    fc.property(aHistory, atOneTime, fc.nat(2 * DAY_MS), ({ stream, lastMs }, filter, later) => {
      assert.ok(coversTheSpace(filterShards(stream, filter, lastMs + later)));
    }),
  );
});
