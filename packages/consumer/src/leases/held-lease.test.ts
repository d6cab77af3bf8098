import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import { TRIM_HORIZON } from './checkpoint.ts';
import { HeldLease } from './held-lease.ts';
import { checkpointed, type Lease, newLease, taken } from './lease.ts';
import type { LeaseStore } from './lease-store.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';

const KEY = 'shardId-000000000000';
const FAILOVER_MS = 10_000;
const at = (sequenceNumber: string) => checkpointed({ sequenceNumber, subSequenceNumber: 0 });

describe('a lease in the hands of a worker', () => {
  const clock = new FakeClock();
  let store: MemoryLeaseStore;
  let loses: 'nothing' | 'the answer' | 'the request';
  let held: HeldLease;

  const unreliable: Pick<LeaseStore, 'update'> = {
    async update(seen, change) {
      const lost = loses;
      loses = 'nothing';
      if (lost === 'the request') throw new Error('lost');
      const outcome = await store.update(seen, change);
      if (lost === 'the answer') throw new Error('lost');
      return outcome;
    },
  };
  const stored = async (): Promise<Lease> => {
    const lease = await store.get(KEY);
    assert(lease !== undefined);
    return lease;
  };

  beforeEach(async () => {
    loses = 'nothing';
    store = new MemoryLeaseStore();
    const lease = newLease(KEY, TRIM_HORIZON, { parentShardIds: [], range: undefined });
    await store.create(lease);
    const outcome = await store.update(lease, taken(lease, 'me'));
    assert(outcome.isApplied);
    const parts = { clock, store: unreliable, workerId: 'me', failoverMs: FAILOVER_MS };
    held = new HeldLease({ ...parts, lease: outcome.lease, takenMs: clock.monotonic() });
  });

  test('lasts as long as the failover from its last renewal', async () => {
    await clock.advance(FAILOVER_MS - 1);
    assert(held.isCurrent);
    await held.renew();
    await clock.advance(FAILOVER_MS - 1);
    assert(held.isCurrent);
    await clock.advance(1);
    assert(!held.isCurrent);
    assert.equal(await held.renew(), false);
    assert(held.isLost);
  });

  test('is lost when another worker has taken it, and the stale owner’s checkpoint is refused', async () => {
    await store.update(await stored(), taken(await stored(), 'ada'));
    await assert.rejects(
      held.change(() => at('7')),
      { code: 'LeaseLost' },
    );
    assert(held.isLost && held.ended.aborted);
    assert.deepEqual((await stored()).checkpoint, TRIM_HORIZON);
  });

  for (const what of ['the answer', 'the request'] as const) {
    test(`stays when ${what} of a write is lost`, async () => {
      loses = what;
      await assert.rejects(
        held.change(() => at('7')),
        /lost/,
      );
      await held.change(() => at('8'));
      assert(!held.isLost);
      assert.equal((await stored()).checkpoint.sequenceNumber, '8');
    });
  }

  test('is lost though an answer was lost, when another has taken it since', async () => {
    loses = 'the answer';
    await assert.rejects(held.renew(), /lost/);
    await store.update(await stored(), taken(await stored(), 'ada'));
    assert.equal(await held.renew(), false);
    assert(held.isLost);
  });

  test('is lost when it went through other hands, though it has this worker’s name again', async () => {
    await store.update(await stored(), taken(await stored(), 'ada'));
    await store.update(await stored(), taken(await stored(), 'me'));
    await assert.rejects(
      held.change(() => at('7')),
      { code: 'LeaseLost' },
    );
  });

  test('is still renewed and checkpointed while it is handed over, and passes to the one that waits', async () => {
    store.put({ ...(await stored()), owner: 'ada', checkpointOwner: 'me' });
    assert.equal(await held.renew(), true);
    assert(held.handOver.aborted && !held.isLost);
    await held.change(() => at('7'));
    await held.release();
    const { owner, checkpointOwner, checkpoint } = await stored();
    assert.deepEqual([owner, checkpointOwner, checkpoint.sequenceNumber], ['ada', undefined, '7']);
  });

  test('is lost when the hand-over is cut short', async () => {
    store.put({ ...(await stored()), owner: 'ada', checkpointOwner: 'me' });
    await held.renew();
    await store.update(await stored(), { checkpointOwner: undefined });
    assert.equal(await held.renew(), false);
    assert(held.isLost);
  });

  test('is anybody’s when it was released', async () => {
    await held.release();
    assert.equal((await stored()).owner, undefined);
    assert(held.ended.aborted && !held.isLost);
  });

  test('its writes go one after another', async () => {
    await Promise.all([held.renew(), held.change(() => at('1')), held.renew(), held.change(() => at('2'))]);
    assert(!held.isLost);
    assert.equal((await stored()).counter, held.lease.counter);
  });

  test('tells how much is read, as a moving average', async () => {
    held.read(2_048);
    await clock.advance(1_000);
    await held.renew();
    assert.equal((await stored()).throughputKBps, 2);
    await clock.advance(1_000);
    await held.renew();
    assert.equal((await stored()).throughputKBps, 1);
  });

  test('what is read of an idle shard becomes nothing, and no number that a database refuses', async () => {
    held.read(1_024_000);
    for (let renewals = 0; renewals < 30; renewals++) {
      await clock.advance(1_000);
      await held.renew();
    }
    assert.equal((await stored()).throughputKBps, 0);
  });
});
