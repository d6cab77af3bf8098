import { type Clock, inParallel, pause, repeat } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings.ts';
import { HeldLease } from './held-lease.ts';
import { type Lease, taken } from './lease.ts';
import type { LeaseStore } from './lease-store.ts';
import type { LeaseTaker } from './lease-taker.ts';

/** Leases are renewed a little more often than their time says. */
const EPSILON_MS = 25;
const RENEWALS_PER_FAILOVER = 3;
/** Writes under way at a time, of one kind. */
const WRITES_MAX = 20;

export interface CoordinatorParts {
  readonly clock: Clock;
  readonly store: Pick<LeaseStore, 'update'>;
  readonly taker: LeaseTaker;
  /** Between two looks at what there is to take. */
  readonly takeMs: number;
  readonly workerId: string;
  readonly settings: Pick<Settings, 'failoverMs'>;
  readonly metrics: Metrics;
  readonly report: Report;
  /** Work on it may begin. */
  readonly acquired: (held: HeldLease) => void;
  /** Work on it has not ended yet, though the lease may be lost. */
  readonly isBusy: (leaseKey: string) => boolean;
  /** Tells of a lease, with its stream. */
  readonly reportOf: (lease: Lease) => Report;
}

/** Takes leases, renews those it holds, and notices those it lost. */
export class LeaseCoordinator {
  readonly #parts: CoordinatorParts;
  readonly #held = new Map<string, HeldLease>();
  #nudge = new AbortController();

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
  }

  /** Until the signal comes. */
  async runTaking(signal: AbortSignal): Promise<void> {
    const { clock, takeMs } = this.#parts;
    while (!signal.aborted) {
      this.#nudge = new AbortController();
      await this.take();
      const either = AbortSignal.any([signal, this.#nudge.signal]);
      await pause(clock, takeMs, either);
    }
  }

  /** Longer than taking: shards that are being left need their leases. */
  runRenewing(signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#parts;
    const pauseMs = settings.failoverMs / RENEWALS_PER_FAILOVER - EPSILON_MS;
    return repeat(clock, pauseMs, signal, () => this.renew());
  }

  /** There is something new to take. */
  takeSoon(): void {
    this.#nudge.abort();
  }

  async take(): Promise<void> {
    const { taker, report, isBusy, metrics } = this.#parts;
    try {
      const isHeld = (leaseKey: string): boolean => this.#held.has(leaseKey);
      const scope = metrics.of('TakeLeases');
      await scope.attempt('Success', 'Time', async () => {
        const plan = await taker.plan({ isHeld, isBusy });
        scope.observe('LeasesToTake', plan.length);
        let takenCount = 0;
        await inParallel(plan, WRITES_MAX, async (lease) => {
          if (await scope.time('TakeLease.Time', () => this.#take(lease))) takenCount++;
        });
        scope.observe('TakenLeases', takenCount);
      });
    } catch (error) {
      report({ kind: 'error', during: 'take leases', error });
    }
  }

  async renew(): Promise<void> {
    const scope = this.#parts.metrics.of('RenewAllLeases');
    const held = [...this.#held.values()];
    const isWhole = await scope.time('Time', () => this.#renew(held));
    scope.observe('Success', isWhole ? 1 : 0);
    scope.observe('LostLeases', held.filter(({ isLost }) => isLost).length);
    scope.observe('CurrentLeases', this.#held.size);
  }

  /** True when no renewal failed; one of a lost lease is none. */
  async #renew(all: readonly HeldLease[]): Promise<boolean> {
    const scope = this.#parts.metrics.of('RenewAllLeases');
    let isWhole = true;
    await inParallel(all, WRITES_MAX, async (held) => {
      if (!held.isCurrent) return held.lose();
      try {
        await scope.attempt('RenewLease.Success', 'RenewLease.Time', () => held.renew());
      } catch (error) {
        isWhole = false;
        const { shardId } = held.lease;
        this.#parts.reportOf(held.lease)({ kind: 'error', during: 'renew a lease', error, shardId });
      }
    });
    return isWhole;
  }

  /** Nobody was faster. */
  async #take(lease: Lease): Promise<boolean> {
    const { clock, store, workerId, settings, reportOf, acquired } = this.#parts;
    const takenMs = clock.monotonic();
    const outcome = await store.update(lease, taken(lease, workerId));
    this.#parts.metrics.of('TakeLeases').observe('TakeLease.Success', outcome.isApplied ? 1 : 0);
    if (!outcome.isApplied) return false;
    const { failoverMs } = settings;
    const held = new HeldLease({ clock, store, workerId, failoverMs, lease: outcome.lease, takenMs });
    const { leaseKey, shardId } = lease;
    const report = reportOf(lease);
    this.#held.set(leaseKey, held);
    held.ended.addEventListener('abort', () => {
      this.#held.delete(leaseKey);
      report({ kind: held.isLost ? 'leaseLost' : 'leaseReleased', shardId });
    });
    // A leader may have put this worker's name on it before.
    const from = lease.owner === workerId ? undefined : lease.owner;
    report({ kind: 'leaseTaken', shardId, from });
    acquired(held);
    return true;
  }
}
