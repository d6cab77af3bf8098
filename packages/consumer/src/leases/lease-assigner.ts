import { type Clock, inParallel, pause, type Random } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings.ts';
import type { FleetStore } from './fleet-store.ts';
import type { LeaderElection } from './leader-election.ts';
import { type Lease, taken } from './lease.ts';
import { LeaseObserver, standingStill } from './lease-observer.ts';
import type { LeaseStore } from './lease-store.ts';
import { measuredWorkers } from './measures.ts';
import { type Assignment, planAssignment } from './plan-assignment.ts';
import { WorkerObserver } from './worker-observer.ts';

/** A leader that fails so often in a row lets another try. */
const FAILURES_MAX = 3;
/** Of `failoverMs` between two looks, as in the KCL. */
const PERIODS = 2;
/** Writes under way at a time. */
const WRITES_MAX = 20;

export interface AssignerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Pick<LeaseStore, 'update'>;
  readonly fleet: Pick<FleetStore, 'view' | 'handOver' | 'forget'>;
  readonly election: Pick<LeaderElection, 'isLeader' | 'release'>;
  readonly workerId: string;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly report: Report;
  /** Tells of a lease, with its stream. */
  readonly reportOf: (lease: Lease) => Report;
  /** It is of a stream that this worker reads: other streams' leases are for other leaders. */
  readonly reads: (lease: Lease) => boolean;
  /** This worker has got a lease. */
  readonly assigned: () => void;
}

/** What the leader does for the others: shares out the leases that nobody works on, and balances. */
export class LeaseAssigner {
  readonly #parts: AssignerParts;
  readonly #leases = new LeaseObserver();
  readonly #workers: WorkerObserver;
  #wasLeader = false;
  /** Since it began to lead. */
  #runs = 0;
  #failures = 0;
  #nudge = new AbortController();

  constructor(parts: AssignerParts) {
    this.#parts = parts;
    this.#workers = new WorkerObserver(parts.settings.workerReportMs);
  }

  /** Until the signal comes. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#parts;
    while (!signal.aborted) {
      this.#nudge = new AbortController();
      await this.assign();
      const either = AbortSignal.any([signal, this.#nudge.signal]);
      // Whose leases stand still is first known after one failoverMs.
      const periods = this.#runs === 1 ? 1 : PERIODS;
      await pause(clock, periods * settings.failoverMs, either);
    }
  }

  /** There may be something to share out. */
  assignSoon(): void {
    this.#nudge.abort();
  }

  /** Does what a leader does, if it is one. */
  async assign(): Promise<void> {
    const { election, metrics, report } = this.#parts;
    const isLeader = election.isLeader();
    if (isLeader && !this.#wasLeader) this.#begin();
    this.#wasLeader = isLeader;
    if (!isLeader) return;
    try {
      await metrics.of('LeaseAssignmentManager').attempt('Success', 'Time', () => this.#assign());
      this.#failures = 0;
    } catch (error) {
      report({ kind: 'error', during: 'assign leases', error });
      this.#failures++;
      if (this.#failures >= FAILURES_MAX) await this.#giveUp();
    }
  }

  #begin(): void {
    this.#leases.forget();
    this.#runs = 0;
    this.#failures = 0;
  }

  async #assign(): Promise<void> {
    const { clock, random, fleet, settings, workerId, metrics, reads, assigned } = this.#parts;
    const askedMs = clock.monotonic();
    const { leases, workers } = await fleet.view();
    const observed = this.#leases.see(leases.filter(reads), askedMs, clock.monotonic());
    for (const holder of standingStill(observed, settings.failoverMs)) this.#workers.doubt(holder);
    const { active, gone } = this.#workers.see(workers, clock.monotonic(), clock.now());
    const measured = measuredWorkers(active, settings.workerMetricsAlphaPercent / 100);
    const balances = this.#runs++ % settings.varianceBalancingFrequency === 0;
    const plan = planAssignment(observed, measured, settings, balances, random);
    let written = 0;
    await inParallel(plan, WRITES_MAX, async (assignment) => {
      if (await this.#write(assignment)) written++;
    });
    const scope = metrics.of('LeaseAssignmentManager');
    scope.observe('TotalLeases', observed.length);
    scope.observe('NumWorkers', active.length);
    scope.observe('NumOfLeasesReassignment', written);
    scope.observe('FailedAssignmentCount', plan.length - written);
    await inParallel(gone, WRITES_MAX, (row) => fleet.forget(row));
    if (plan.some(({ to }) => to === workerId)) assigned();
  }

  /** Who is not leader any more may have seen what is long past; the conditions of the writes see to the rest. */
  async #write({ lease, to, isGraceful }: Assignment): Promise<boolean> {
    const { store, fleet, election, reportOf } = this.#parts;
    if (!election.isLeader()) return false;
    const { shardId } = lease;
    const isWritten = isGraceful
      ? await fleet.handOver(lease, to)
      : (await store.update(lease, taken(lease, to))).isApplied;
    const from = lease.checkpointOwner ?? lease.owner;
    if (isWritten) reportOf(lease)({ kind: 'leaseAssigned', shardId, from, to });
    return isWritten;
  }

  async #giveUp(): Promise<void> {
    const { election, report } = this.#parts;
    this.#failures = 0;
    await election
      .release()
      .catch((error: unknown) => report({ kind: 'error', during: 'choose a leader', error }));
  }
}
