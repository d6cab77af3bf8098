import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Chance, FakeClock } from '@millrace/client-common/testing';
import type { ConsumerEvent } from '../event.ts';
import { Metrics } from '../metrics/metrics.ts';
import { settingsFrom } from '../settings.ts';
import { TRIM_HORIZON } from './checkpoint.ts';
import { newLease } from './lease.ts';
import { LeaseAssigner } from './lease-assigner.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';

const settings = settingsFrom({});

describe('a leader at work', () => {
  const clock = new FakeClock();
  let store: MemoryLeaseStore;
  let isLeader: boolean;
  let failing: boolean;
  let told: ConsumerEvent[];
  let assigner: LeaseAssigner;
  beforeEach(async () => {
    store = new MemoryLeaseStore();
    isLeader = true;
    failing = false;
    told = [];
    const release = async (): Promise<void> => {
      isLeader = false;
    };
    const election = { isLeader: () => isLeader, release };
    const { fleet } = store;
    const report = (event: ConsumerEvent): void => void told.push(event);
    assigner = new LeaseAssigner({
      metrics: new Metrics(clock),
      clock,
      random: new Chance(1),
      store,
      fleet: {
        view: () => (failing ? Promise.reject(new Error('away')) : fleet.view()),
        handOver: (seen, owner) => fleet.handOver(seen, owner),
        forget: (row) => fleet.forget(row),
      },
      election,
      workerId: 'ada',
      settings,
      report,
      reportOf: () => report,
      reads: ({ shardId }) => shardId !== 'of another stream',
      assigned: () => {},
    });
    for (const name of ['x', 'of another stream']) {
      await store.create(newLease(name, TRIM_HORIZON, { parentShardIds: [], range: undefined }));
    }
    const updatedSeconds = Math.floor(clock.now() / 1_000);
    await fleet.report({ workerId: 'ada', updatedSeconds, samples: {}, limits: {} });
  });
  const ownerOf = async (key: string) => (await store.get(key))?.owner;

  test('assigns what is free of the streams that it reads', async () => {
    await assigner.assign();
    assert.deepEqual([await ownerOf('x'), await ownerOf('of another stream')], ['ada', undefined]);
    assert.deepEqual(told, [{ kind: 'leaseAssigned', shardId: 'x', from: undefined, to: 'ada' }]);
  });

  test('does nothing when it is none', async () => {
    isLeader = false;
    await assigner.assign();
    assert.equal(await ownerOf('x'), undefined);
  });

  test('gives the leases of a worker that stands still to another at once, though its row is fresh', async () => {
    const updatedSeconds = Math.floor(clock.now() / 1_000);
    await store.fleet.report({ workerId: 'dead', updatedSeconds, samples: {}, limits: {} });
    await store.create(newLease('y', TRIM_HORIZON, { parentShardIds: [], range: undefined }));
    const renew = async (key: string, owner: string): Promise<void> => {
      const lease = await store.get(key);
      assert(lease !== undefined);
      await store.update(lease, { owner });
    };
    await renew('x', 'dead');
    await renew('y', 'ada');
    await assigner.assign();
    await clock.advance(settings.failoverMs + 1);
    await renew('y', 'ada');
    await assigner.assign();
    assert.equal(await ownerOf('x'), 'ada');
  });

  test('lets another lead when it fails three times in a row', async () => {
    for (const fails of [true, true, false, true, true]) {
      failing = fails;
      await assigner.assign();
    }
    assert(isLeader);
    await assigner.assign();
    assert(!isLeader);
    assert.equal(told.filter(({ kind }) => kind === 'error').length, 5);
  });

  test('removes the rows of workers that are long gone', async () => {
    await store.fleet.report({ workerId: 'old', updatedSeconds: 1, samples: {}, limits: {} });
    await assigner.assign();
    await clock.advance(2 * settings.workerReportMs + 1);
    await assigner.assign();
    const { workers } = await store.fleet.view();
    assert.deepEqual(
      workers.map(({ workerId }) => workerId),
      ['ada'],
    );
  });
});
