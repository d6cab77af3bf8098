import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chance, FakeClock } from '@millrace/client-common/testing';
import { Metrics } from '../metrics/metrics.ts';
import { type Settings, settingsFrom } from '../settings.ts';
import { type Balancer, balancerOf } from './balancer.ts';
import type { LeaseStore } from './lease-store.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';

const aBalancer = (given: Partial<Settings>, store: LeaseStore): Balancer => {
  const clock = new FakeClock();
  const report = (): void => {};
  return balancerOf({
    clock,
    random: new Chance(1),
    store,
    workerId: 'ada',
    settings: settingsFrom(given),
    metrics: new Metrics(clock),
    cpuMeter: () => 50,
    report,
    reportOf: () => report,
    reads: () => true,
    takeSoon: () => {},
  });
};

/** Of one's own, without the rows of a fleet. */
const aBareStore = (): LeaseStore => {
  const store = new MemoryLeaseStore();
  return {
    prepare: () => store.prepare(),
    list: () => store.list(),
    get: (leaseKey) => store.get(leaseKey),
    create: (lease) => store.create(lease),
    update: (seen, change) => store.update(seen, change),
    remove: (seen) => store.remove(seen),
  };
};

describe('how workers come to their leases', () => {
  test('by a leader, unless the lease store has none to choose', () => {
    assert.throws(() => aBalancer({}, aBareStore()), { code: 'InvalidSettings', message: /count/ });
    aBalancer({ balancing: 'count' }, aBareStore());
  });

  test('a worker that begins says that it is there, and leads where nobody does', async () => {
    const store = new MemoryLeaseStore();
    const balancer = aBalancer({}, store);
    await balancer.begin();
    const { workers } = await store.fleet.view();
    assert.deepEqual(
      workers.map(({ workerId, limits }) => [workerId, limits]),
      [['ada', { C: 100 }]],
    );
    assert(balancer.leader.isLeader([]));
  });

  test('it says nothing of its processor where throughput is what counts', async () => {
    const store = new MemoryLeaseStore();
    await aBalancer({ workerMetrics: 'throughput' }, store).begin();
    const { workers } = await store.fleet.view();
    assert.deepEqual(
      workers.map(({ limits }) => limits),
      [{}],
    );
  });

  test('by count it needs no rows but the leases', async () => {
    const store = new MemoryLeaseStore();
    await aBalancer({ balancing: 'count' }, store).begin();
    assert.deepEqual(await store.fleet.view(), { leases: [], workers: [] });
    assert.equal(await store.fleet.leader(), undefined);
  });
});
