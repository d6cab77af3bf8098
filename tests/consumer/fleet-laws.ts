import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FleetStore,
  type LeaderRow,
  type Lease,
  type LeaseStore,
  newLease,
  TRIM_HORIZON,
  type WorkerRow,
} from '@millrace/consumer';

const SHARD = 'shardId-000000000000';
const never = new AbortController().signal;

const aLease = (fields: Partial<Lease> = {}): Lease => ({
  ...newLease(SHARD, TRIM_HORIZON, { parentShardIds: [], range: undefined }),
  ...fields,
});
const aLeader = (version: string, fields: Partial<LeaderRow> = {}): LeaderRow => ({
  owner: 'ada',
  durationMs: 120_000,
  version,
  isReleased: false,
  ...fields,
});
const aWorker = (workerId: string, fields: Partial<WorkerRow> = {}): WorkerRow => ({
  workerId,
  updatedSeconds: 1_790_000_000,
  samples: { C: [1.5, -1, 20] },
  limits: { C: 80 },
  ...fields,
});

/** What holds for the rows besides the leases in every store. */
export const fleetLaws = (makeStore: () => Promise<LeaseStore>): void => {
  const law = (sentence: string, check: (fleet: FleetStore, store: LeaseStore) => Promise<void>): void => {
    test(sentence, async () => {
      const store = await makeStore();
      await store.prepare(never);
      assert(store.fleet !== undefined);
      await store.fleet.prepare();
      await check(store.fleet, store);
    });
  };
  const stored = async (store: LeaseStore): Promise<Lease | undefined> => store.get(SHARD);

  law('a new store has no leader and no workers', async (fleet) => {
    assert.equal(await fleet.leader(), undefined);
    assert.deepEqual(await fleet.view(), { leases: [], workers: [] });
    assert.deepEqual(await fleet.assignedTo('ada'), []);
  });

  law('of workers that would lead one begins', async (fleet) => {
    const versions = ['a', 'b', 'c', 'd'];
    const begun = await Promise.all(versions.map((one) => fleet.replaceLeader(undefined, aLeader(one))));
    assert.equal(begun.filter(Boolean).length, 1);
    assert.equal((await fleet.leader())?.version, versions[begun.indexOf(true)]);
  });

  law('a leader is replaced by who has seen it as it is', async (fleet) => {
    const [first, second] = [aLeader('1'), aLeader('2', { owner: 'grace', durationMs: 5_000 })];
    await fleet.replaceLeader(undefined, first);
    assert.equal(await fleet.replaceLeader(aLeader('0'), second), false);
    assert.equal(await fleet.replaceLeader({ ...first, isReleased: true }, second), false);
    assert.deepEqual(await fleet.leader(), first);
    assert.equal(await fleet.replaceLeader(first, second), true);
    assert.deepEqual(await fleet.leader(), second);
  });

  law('a leader that has given up is replaced', async (fleet) => {
    const [first, released, next] = [aLeader('1'), aLeader('2', { isReleased: true }), aLeader('3')];
    await fleet.replaceLeader(undefined, first);
    await fleet.replaceLeader(first, released);
    assert.deepEqual(await fleet.leader(), released);
    assert.equal(await fleet.replaceLeader(released, next), true);
    assert.deepEqual(await fleet.leader(), next);
  });

  law('a worker’s row comes back as it was last written', async (fleet) => {
    await fleet.report(aWorker('ada'));
    await fleet.report(aWorker('ada', { updatedSeconds: 1_790_000_030, samples: { C: [2] } }));
    await fleet.report(aWorker('grace', { samples: {}, limits: {} }));
    const { workers, leases } = await fleet.view();
    const byId = new Map(workers.map((row) => [row.workerId, row]));
    assert.deepEqual(byId.get('ada'), aWorker('ada', { updatedSeconds: 1_790_000_030, samples: { C: [2] } }));
    assert.deepEqual(byId.get('grace'), aWorker('grace', { samples: {}, limits: {} }));
    assert.deepEqual([workers.length, leases.length], [2, 0]);
  });

  law('a worker that has written since is not forgotten', async (fleet) => {
    const row = aWorker('ada');
    await fleet.report(row);
    await fleet.forget({ ...row, updatedSeconds: row.updatedSeconds - 30 });
    assert.equal((await fleet.view()).workers.length, 1);
    await fleet.forget(row);
    await fleet.forget(row);
    assert.equal((await fleet.view()).workers.length, 0);
  });

  law('leader and workers are no leases, and leases are neither', async (fleet, store) => {
    await store.create(aLease({ owner: 'ada' }));
    await fleet.replaceLeader(undefined, aLeader('1'));
    await fleet.report(aWorker('ada'));
    assert.deepEqual(
      (await store.list()).map(({ leaseKey }) => leaseKey),
      [SHARD],
    );
    const { leases, workers } = await fleet.view();
    assert.deepEqual([leases.length, workers.length], [1, 1]);
    assert.deepEqual(await fleet.assignedTo('ada'), [SHARD]);
  });

  law('the leases of an owner are found, the free and the others’ are not', async (fleet, store) => {
    for (const [leaseKey, owner] of [
      ['x', 'ada'],
      ['y', 'grace'],
      ['z', undefined],
      ['w', 'ada'],
    ] as const) {
      await store.create({ ...aLease({ owner }), leaseKey, shardId: leaseKey });
    }
    assert.deepEqual((await fleet.assignedTo('ada')).toSorted(), ['w', 'x']);
  });

  law(
    'a request for a hand-over names both, and leaves the counter to the one that renews it',
    async (fleet, store) => {
      const before = aLease({ owner: 'ada', counter: 7 });
      await store.create(before);
      // Renewed since it was seen.
      await store.update(before, { throughputKBps: 3 });
      assert.equal(await fleet.handOver(before, 'grace'), true);
      const { owner, checkpointOwner, counter } = (await stored(store)) ?? {};
      assert.deepEqual(
        { owner, checkpointOwner, counter },
        { owner: 'grace', checkpointOwner: 'ada', counter: 8 },
      );
      assert.deepEqual(await fleet.assignedTo('grace'), [SHARD]);
    },
  );

  law('nobody is asked twice, nor for what it does not have', async (fleet, store) => {
    const lease = aLease({ owner: 'ada' });
    await store.create(lease);
    assert.equal(await fleet.handOver(aLease({ owner: 'mary' }), 'grace'), false);
    assert.equal(await fleet.handOver(lease, 'grace'), true);
    assert.equal(await fleet.handOver(lease, 'mary'), false);
    assert.equal(await fleet.handOver({ ...lease, leaseKey: 'gone' }, 'mary'), false);
    assert.deepEqual((await stored(store))?.owner, 'grace');
  });
};
