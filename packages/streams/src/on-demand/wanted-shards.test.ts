import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wantedShards } from './wanted-shards.ts';

const base = { openShardCount: 4, peakShards: 0, warmShards: 0, shardsMax: 200 };

test('a quiet stream keeps its four shards', () => {
  assert.equal(wantedShards(base), 4);
});

test('there is room for twice the peak, at most twice the shards at a time', () => {
  assert.equal(wantedShards({ ...base, peakShards: 2.6 }), 6);
  assert.equal(wantedShards({ ...base, peakShards: 50 }), 8);
});

test('shards are given up when no more than half are needed, and at most half at a time', () => {
  assert.equal(wantedShards({ ...base, openShardCount: 40, peakShards: 12 }), 40);
  assert.equal(wantedShards({ ...base, openShardCount: 40, peakShards: 10 }), 20);
  assert.equal(wantedShards({ ...base, openShardCount: 40 }), 20);
});

test('warm throughput holds shards, above the bound of what a peak gets too', () => {
  assert.equal(wantedShards({ ...base, openShardCount: 40, warmShards: 40 }), 40);
  assert.equal(wantedShards({ ...base, openShardCount: 300, peakShards: 1_000, warmShards: 300 }), 300);
  assert.equal(wantedShards({ ...base, openShardCount: 200, peakShards: 1_000 }), 200);
});

test('whatever the start, it settles, with room for twice the peak or at the bound', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 300, noNaN: true }),
      fc.nat(300),
      (start, peakShards, warmShards) => {
        let openShardCount = start;
        for (let turn = 0; turn < 20; turn++) {
          openShardCount = wantedShards({ ...base, openShardCount, peakShards, warmShards });
        }
        const settled = wantedShards({ ...base, openShardCount, peakShards, warmShards });
        assert.equal(settled, openShardCount);
        assert.ok(openShardCount >= Math.max(4, warmShards, Math.min(200, 2 * peakShards)));
      },
    ),
  );
});
