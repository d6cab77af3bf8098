import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SHARD_END, TRIM_HORIZON } from './checkpoint.ts';
import { type Lease, newLease } from './lease.ts';
import type { ObservedLease } from './lease-observer.ts';
import { planTaking } from './plan-taking.ts';

const FAILOVER_MS = 10_000;
const random = { next: () => 0 };

const seen = (name: string, fields: Partial<Lease> = {}, unchangedMs = 0): ObservedLease => ({
  lease: { ...newLease(name, TRIM_HORIZON, { parentShardIds: [], range: undefined }), ...fields },
  unchangedMs,
  handOverMs: 0,
});

const owned = (owner: string, count: number, unchangedMs = 0): ObservedLease[] =>
  Array.from({ length: count }, (_, number) => seen(`${owner} ${number}`, { owner }, unchangedMs));

const free = (count: number): ObservedLease[] =>
  Array.from({ length: count }, (_, number) => seen(`free ${number}`));

const plan = (
  observed: readonly ObservedLease[],
  view: Partial<Parameters<typeof planTaking>[1]> = {},
): string[] => {
  const whole = { workerId: 'me', failoverMs: FAILOVER_MS, leasesMax: 100, stealsMax: 1 };
  const isHeld = (key: string): boolean => key.startsWith('me');
  return planTaking(observed, { ...whole, isHeld, isBusy: () => false, ...view }, random).map(
    ({ leaseKey }) => leaseKey,
  );
};

describe('which leases a worker takes', () => {
  test('alone it takes all', () => {
    assert.equal(plan(free(5)).length, 5);
  });

  test('beside another it takes its share, rounded up', () => {
    assert.equal(plan([...free(4), ...owned('ada', 1)]).length, 3);
  });

  test('with more workers than leases it takes one at the most', () => {
    assert.equal(plan([...free(2), ...owned('ada', 1), ...owned('grace', 1)]).length, 2);
    assert.equal(plan([...free(1), ...owned('ada', 1), ...owned('grace', 1), ...owned('mary', 1)]).length, 1);
  });

  test('a lease that stood still as long as the failover is free, one that did not is not', () => {
    assert.deepEqual(plan(owned('ada', 1, FAILOVER_MS)), []);
    assert.deepEqual(plan(owned('ada', 1, FAILOVER_MS + 1)), ['ada 0']);
  });

  test('what stood still for three times the failover is taken beyond the share', () => {
    const old = owned('dead', 3, 3 * FAILOVER_MS + 1);
    const full = [...owned('me', 5), ...owned('ada', 5), ...old];
    assert.equal(plan(full).length, 3);
    assert.equal(plan(full, { leasesMax: 6 }).length, 1);
  });

  test('with nothing free it takes from the worker that has most', () => {
    assert.deepEqual(
      plan([...owned('ada', 4), ...owned('grace', 6)]).map((key) => key.split(' ')[0]),
      ['grace'],
    );
    assert.equal(plan([...owned('ada', 4), ...owned('grace', 6)], { stealsMax: 3 }).length, 2);
  });

  test('it takes nothing from who has no more than its share', () => {
    assert.deepEqual(plan([...owned('me', 1), ...owned('ada', 2)]), []);
  });

  test('a finished lease is nobody’s', () => {
    assert.deepEqual(plan([seen('done', { checkpoint: SHARD_END })]), []);
    assert.equal(plan([...owned('ada', 1), seen('done', { checkpoint: SHARD_END }), ...free(1)]).length, 1);
  });

  test('it takes what has its name, though its share be full, and waits while another still works on it', () => {
    const share = [...owned('me', 2), ...owned('ada', 1)];
    assert.deepEqual(plan([...share, seen('assigned', { owner: 'me' })]), ['assigned']);
    const handedOver = seen('coming', { owner: 'me', checkpointOwner: 'ada' });
    assert.deepEqual(plan([...share, handedOver]), []);
  });

  test('it does not take what it has not finished leaving', () => {
    assert.deepEqual(plan(free(2), { isBusy: (key) => key === 'free 0' }), ['free 1']);
  });

  test('it never holds more than it may', () => {
    assert.equal(plan([...owned('me', 2), ...free(10)], { leasesMax: 5 }).length, 3);
    const assigned = ['x', 'y', 'z'].map((name) => seen(name, { owner: 'me' }));
    assert.equal(plan([...owned('me', 1), ...assigned], { leasesMax: 2 }).length, 1);
  });

  test('workers that take in turn come to even shares', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), (leases, workers) => {
        const owners = new Map<string, string | undefined>();
        for (let number = 0; number < leases; number++) owners.set(`shard ${number}`, undefined);
        for (let round = 0; round < 2 * leases + 2; round++) {
          for (let worker = 0; worker < workers; worker++) {
            const workerId = `worker ${worker}`;
            const observed = [...owners].map(([name, owner]) => seen(name, { owner }));
            const isHeld = (key: string): boolean => owners.get(key) === workerId;
            for (const key of plan(observed, { workerId, isHeld })) owners.set(key, workerId);
          }
        }
        const counts = Array.from(
          { length: workers },
          (_, worker) => [...owners.values()].filter((owner) => owner === `worker ${worker}`).length,
        );
        assert.equal(
          counts.reduce((a, b) => a + b, 0),
          leases,
        );
        assert(Math.max(...counts) <= Math.ceil(leases / workers), counts.join());
      }),
    );
  });
});
