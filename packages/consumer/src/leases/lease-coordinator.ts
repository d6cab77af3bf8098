import type { Clock, Random } from '../clock.ts';
import type { Report } from '../event.ts';
import { inParallel } from '../in-parallel.ts';
import { pause } from '../pause.ts';
import { repeat } from '../repeat.ts';
import type { Settings } from '../settings.ts';
import { HeldLease } from './held-lease.ts';
import { type Lease, taken } from './lease.ts';
import { LeaseObserver } from './lease-observer.ts';
import type { LeaseStore } from './lease-store.ts';
import { planTaking } from './plan-taking.ts';

/** Leases are renewed a little more often, and looked at a little less often, than their times say. */
const EPSILON_MS = 25;
const RENEWALS_PER_FAILOVER = 3;
/** Writes under way at a time, of one kind. */
const WRITES_MAX = 20;

export interface CoordinatorParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LeaseStore;
  readonly workerId: string;
  readonly settings: Settings;
  readonly report: Report;
  /** Work on it may begin. */
  readonly acquired: (held: HeldLease) => void;
  /** Work on it has not ended yet, though the lease may be lost. */
  readonly isBusy: (leaseKey: string) => boolean;
}

/** Takes leases, renews those it holds, and notices those it lost. */
export class LeaseCoordinator {
  readonly #parts: CoordinatorParts;
  readonly #observer = new LeaseObserver();
  readonly #held = new Map<string, HeldLease>();
  #nudge = new AbortController();

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
  }

  /** Until the signal comes. */
  async runTaking(signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#parts;
    while (!signal.aborted) {
      this.#nudge = new AbortController();
      await this.take();
      const either = AbortSignal.any([signal, this.#nudge.signal]);
      await pause(clock, 2 * (settings.failoverMs + EPSILON_MS), either);
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
    const { clock, random, store, workerId, settings, report, isBusy } = this.#parts;
    try {
      const askedMs = clock.monotonic();
      const observed = this.#observer.see(await store.list(), askedMs, clock.monotonic());
      const isHeld = (leaseKey: string): boolean => this.#held.has(leaseKey);
      const plan = planTaking(observed, { ...settings, workerId, isHeld, isBusy }, random);
      await inParallel(plan, WRITES_MAX, (lease) => this.#take(lease));
    } catch (error) {
      report({ kind: 'error', during: 'take leases', error });
    }
  }

  async renew(): Promise<void> {
    await inParallel([...this.#held.values()], WRITES_MAX, async (held) => {
      if (!held.isCurrent) return held.lose();
      try {
        await held.renew();
      } catch (error) {
        const shardId = held.lease.leaseKey;
        this.#parts.report({ kind: 'error', during: 'renew a lease', error, shardId });
      }
    });
  }

  async #take(lease: Lease): Promise<void> {
    const { clock, store, workerId, settings, report, acquired } = this.#parts;
    const takenMs = clock.monotonic();
    const outcome = await store.update(lease, taken(lease, workerId));
    if (!outcome.isApplied) return;
    const { failoverMs } = settings;
    const held = new HeldLease({ clock, store, workerId, failoverMs, lease: outcome.lease, takenMs });
    const { leaseKey } = lease;
    this.#held.set(leaseKey, held);
    held.ended.addEventListener('abort', () => {
      this.#held.delete(leaseKey);
      report({ kind: held.isLost ? 'leaseLost' : 'leaseReleased', shardId: leaseKey });
    });
    report({ kind: 'leaseTaken', shardId: leaseKey, from: lease.owner });
    acquired(held);
  }
}
