import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { rangeOf } from '../../test/fake-stream.ts';
import { type Checkpoint, LATEST, SHARD_END, TRIM_HORIZON } from '../leases/checkpoint.ts';
import { type Lease, newLease } from '../leases/lease.ts';
import { firstHole } from './hole.ts';
import { missingLeases } from './missing-leases.ts';
import { completedLeases, garbageLeases } from './removable-leases.ts';
import type { Shard } from './shard.ts';

const range = rangeOf(0n, 1n);
const PAST: Checkpoint = { sequenceNumber: '5', subSequenceNumber: 0 };

/**
 * Two lines of shards:
 *
 *   A ─┬─► B ─────► D (with C) ─► open
 *      └─► C ──┘
 *   X ─► Y, Z open
 */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  A: [],
  B: ['A'],
  C: ['A'],
  D: ['B', 'C'],
  X: [],
  Y: ['X'],
  Z: ['X'],
};
const OPEN = ['D', 'Y', 'Z'];
const OLDEST = ['A', 'X'];

const shard = (shardId: string): Shard => ({ shardId, parentShardIds: PARENTS[shardId] ?? [], range });
const lease = (shardId: string, checkpoint: Checkpoint): Lease =>
  newLease(shardId, checkpoint, shard(shardId));

const missing = (
  initial: readonly string[],
  checkpoint: Checkpoint,
  leases: readonly Lease[],
  shards = Object.keys(PARENTS),
): Record<string, string> => {
  const view = {
    shards: shards.map(shard),
    initialShardIds: new Set(initial),
    initialCheckpoint: checkpoint,
  };
  return Object.fromEntries(
    missingLeases(view, leases).map((made) => [made.leaseKey, made.checkpoint.sequenceNumber]),
  );
};

describe('which leases are missing', () => {
  test('of an empty table: those of the initial position, and no descendants of theirs', () => {
    assert.deepEqual(missing(OLDEST, TRIM_HORIZON, []), { A: 'TRIM_HORIZON', X: 'TRIM_HORIZON' });
    assert.deepEqual(missing(OPEN, LATEST, []), { D: 'LATEST', Y: 'LATEST', Z: 'LATEST' });
  });

  test('none, while an ancestor of each open shard is worked on', () => {
    assert.deepEqual(missing(OLDEST, TRIM_HORIZON, [lease('A', PAST), lease('X', PAST)]), {});
  });

  test('children of a finished shard begin with their first record, whatever the initial position', () => {
    const leases = [lease('A', SHARD_END), lease('X', SHARD_END), lease('Y', PAST)];
    assert.deepEqual(missing(OPEN, LATEST, leases), {
      B: 'TRIM_HORIZON',
      C: 'TRIM_HORIZON',
      Z: 'TRIM_HORIZON',
    });
  });

  test('the child of a merge waits for both parents', () => {
    const leases = [lease('A', SHARD_END), lease('B', SHARD_END), lease('X', PAST)];
    assert.deepEqual(missing(OPEN, LATEST, leases), { C: 'TRIM_HORIZON' });
    assert.deepEqual(missing(OPEN, LATEST, [...leases, lease('C', PAST)]), {});
    assert.deepEqual(missing(OPEN, LATEST, [...leases, lease('C', SHARD_END)]), { D: 'TRIM_HORIZON' });
  });

  test('a parent that is trimmed away is not waited for', () => {
    const shards = ['B', 'C', 'D', 'X', 'Y', 'Z'];
    assert.deepEqual(missing(['B', 'C', 'X'], TRIM_HORIZON, [lease('X', PAST)], shards), {
      B: 'TRIM_HORIZON',
      C: 'TRIM_HORIZON',
    });
  });
});

describe('a hole in the hash keys', () => {
  const END = (1n << 128n) - 1n;
  const ranged = (start: bigint, end: bigint, checkpoint = PAST): Lease =>
    newLease(`${start}`, checkpoint, { parentShardIds: [], range: rangeOf(start, end) });

  test('is where no unfinished lease is, and overlaps are none', () => {
    assert.equal(firstHole([ranged(0n, END)]), undefined);
    assert.equal(firstHole([ranged(0n, 9n), ranged(5n, END)]), undefined);
    assert.equal(firstHole([ranged(0n, 9n), ranged(11n, END)]), '10-10');
    assert.equal(firstHole([ranged(0n, 9n), ranged(10n, END, SHARD_END)]), `10-${END}`);
    assert.equal(firstHole([]), `0-${END}`);
  });

  test('cannot be told where a lease does not know its range', () => {
    assert.equal(
      firstHole([ranged(0n, 9n), newLease('x', PAST, { parentShardIds: [], range: undefined })]),
      undefined,
    );
  });

  test('is found wherever a naive count finds one', () => {
    const part = (END + 1n) / 16n;
    const ranges = fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 10 });
    fc.assert(
      fc.property(ranges, (pairs) => {
        const covered = new Set<number>();
        const leases = pairs.map(([a, b]) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          for (let number = low; number <= high; number++) covered.add(number);
          return ranged(BigInt(low) * part, (BigInt(high) + 1n) * part - 1n);
        });
        const first = Array.from({ length: 16 }, (_, number) => number).find(
          (number) => !covered.has(number),
        );
        const hole = firstHole(leases);
        assert.equal(hole?.split('-')[0], first === undefined ? undefined : String(BigInt(first) * part));
      }),
    );
  });
});

describe('leases that nobody needs', () => {
  const keys = (leases: readonly Lease[]): string[] => leases.map(({ leaseKey }) => leaseKey);

  test('a finished one stays until all its children have begun', () => {
    const finished = lease('A', SHARD_END);
    assert.deepEqual(keys(completedLeases([finished])), []);
    assert.deepEqual(keys(completedLeases([finished, lease('B', PAST), lease('C', TRIM_HORIZON)])), []);
    assert.deepEqual(keys(completedLeases([finished, lease('B', PAST), lease('C', PAST)])), ['A']);
  });

  test('a child that its parent names and that has no lease yet keeps the parent', () => {
    const parent = { ...lease('A', SHARD_END), childShardIds: ['B', 'C'] };
    assert.deepEqual(keys(completedLeases([parent, lease('B', PAST)])), []);
  });

  test('parents go before their children', () => {
    const leases = [lease('A', SHARD_END), lease('B', SHARD_END), lease('C', PAST), lease('D', PAST)];
    assert.deepEqual(keys(completedLeases(leases)), ['A']);
    assert.deepEqual(keys(completedLeases(leases.slice(1))), ['B']);
  });

  test('those of shards that the stream has no more go', () => {
    assert.deepEqual(keys(garbageLeases([lease('A', PAST), lease('B', PAST)], new Set(['B']))), ['A']);
  });
});
