import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import type { ConsumerEvent } from '../event.ts';
import { Metrics } from '../metrics/metrics.ts';
import { SHARD_END, TRIM_HORIZON } from './checkpoint.ts';
import { type Lease, newLease } from './lease.ts';
import { AssignedTaker } from './lease-taker.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';

describe('what a worker takes when it has a leader', () => {
  let store: MemoryLeaseStore;
  let listed: readonly string[] | undefined;
  let told: ConsumerEvent[];
  beforeEach(() => {
    store = new MemoryLeaseStore();
    listed = undefined;
    told = [];
  });

  const put = (leaseKey: string, fields: Partial<Lease>): void =>
    store.put({ ...newLease(leaseKey, TRIM_HORIZON, { parentShardIds: [], range: undefined }), ...fields });
  const taken = async (held: readonly string[] = [], ending: readonly string[] = []): Promise<string[]> => {
    const taker = new AssignedTaker({
      metrics: new Metrics(new FakeClock()),
      store: {
        get: (key) => (key === 'broken' ? Promise.reject(new Error('away')) : store.get(key)),
      },
      fleet: { assignedTo: async (workerId) => listed ?? store.fleet.assignedTo(workerId) },
      workerId: 'ada',
      report: (event) => void told.push(event),
      reads: ({ shardId }) => shardId !== 'of another stream',
    });
    const isHeld = (key: string): boolean => held.includes(key);
    const leases = await taker.plan({ isHeld, isBusy: (key) => ending.includes(key) });
    return leases.map(({ leaseKey }) => leaseKey);
  };

  test('what has its name, but for what it holds or has not finished leaving', async () => {
    for (const key of ['x', 'y', 'z']) put(key, { owner: 'ada' });
    put('grace’s', { owner: 'grace' });
    assert.deepEqual(await taken(['y'], ['z']), ['x']);
  });

  test('nothing that another still works on', async () => {
    put('x', { owner: 'ada', checkpointOwner: 'grace' });
    assert.deepEqual(await taken(), []);
  });

  test('no finished shard, and none of a stream that it does not read', async () => {
    put('x', { owner: 'ada', checkpoint: SHARD_END });
    put('of another stream', { owner: 'ada' });
    assert.deepEqual(await taken(), []);
  });

  test('nothing that only the index still says is its own', async () => {
    put('x', { owner: 'grace' });
    put('free', {});
    put('y', { owner: 'ada' });
    listed = ['x', 'free', 'gone', 'y'];
    assert.deepEqual(await taken(), ['y']);
  });

  test('the others, when one cannot be read', async () => {
    put('y', { owner: 'ada' });
    listed = ['broken', 'y'];
    assert.deepEqual(await taken(), ['y']);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['error'],
    );
  });
});
