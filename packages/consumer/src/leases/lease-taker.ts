import { type Clock, inParallel, type Random } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings.ts';
import { isShardEnd } from './checkpoint.ts';
import type { FleetStore } from './fleet-store.ts';
import type { Lease } from './lease.ts';
import { LeaseObserver, type ObservedLease } from './lease-observer.ts';
import type { LeaseStore } from './lease-store.ts';
import { planTaking } from './plan-taking.ts';

/** Reads under way at a time. */
const READS_MAX = 20;

export interface OwnWork {
  /** This worker has it. */
  readonly isHeld: (leaseKey: string) => boolean;
  /** This worker still ends its work on it. */
  readonly isBusy: (leaseKey: string) => boolean;
}

/** Finds what this worker should take now. */
export interface LeaseTaker {
  plan(own: OwnWork): Promise<readonly Lease[]>;
}

export interface CountTakerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Pick<LeaseStore, 'list'>;
  readonly workerId: string;
  readonly settings: Settings;
  readonly metrics: Metrics;
}

/** Every worker takes its share by itself. */
export class CountTaker implements LeaseTaker {
  readonly #parts: CountTakerParts;
  readonly #observer = new LeaseObserver();

  constructor(parts: CountTakerParts) {
    this.#parts = parts;
  }

  async plan(own: OwnWork): Promise<readonly Lease[]> {
    const { clock, random, store, workerId, settings } = this.#parts;
    const askedMs = clock.monotonic();
    const observed = this.#observer.see(await store.list(), askedMs, clock.monotonic());
    this.#measure(observed);
    return planTaking(observed, { ...settings, workerId, ...own }, random);
  }

  #measure(observed: readonly ObservedLease[]): void {
    const { metrics, settings } = this.#parts;
    const scope = metrics.of('TakeLeases');
    const active = observed.filter(({ lease }) => !isShardEnd(lease.checkpoint));
    const isExpired = ({ lease, unchangedMs }: ObservedLease): boolean =>
      lease.owner === undefined || unchangedMs > settings.failoverMs;
    const renewed = active.filter((seen) => !isExpired(seen));
    scope.observe('TotalLeases', active.length);
    scope.observe('ExpiredLeases', active.length - renewed.length);
    scope.observe('NumWorkers', new Set(renewed.map(({ lease }) => lease.owner)).size);
  }
}

export interface AssignedTakerParts {
  readonly metrics: Metrics;
  readonly store: Pick<LeaseStore, 'get'>;
  readonly fleet: Pick<FleetStore, 'assignedTo'>;
  readonly workerId: string;
  readonly report: Report;
  /** It is of a stream that this worker reads. */
  readonly reads: (lease: Lease) => boolean;
}

/** A worker takes what a leader has put its name on. */
export class AssignedTaker implements LeaseTaker {
  readonly #parts: AssignedTakerParts;

  constructor(parts: AssignedTakerParts) {
    this.#parts = parts;
  }

  plan(own: OwnWork): Promise<readonly Lease[]> {
    const scope = this.#parts.metrics.of('LeaseDiscovery');
    return scope.attempt('Success', 'Time', async () => {
      const leases = await this.#find(own);
      scope.observe('NewLeasesDiscovered', leases.length);
      return leases;
    });
  }

  async #find({ isHeld, isBusy }: OwnWork): Promise<readonly Lease[]> {
    const { fleet, workerId } = this.#parts;
    const keys = (await fleet.assignedTo(workerId)).filter((key) => !isHeld(key) && !isBusy(key));
    const leases: Lease[] = [];
    await inParallel(keys, READS_MAX, async (key) => {
      const lease = await this.#read(key);
      if (lease !== undefined && this.#isReady(lease)) leases.push(lease);
    });
    return leases;
  }

  /** The list may be of the past; and who had the lease before may not have let go. */
  #isReady(lease: Lease): boolean {
    const { workerId, reads } = this.#parts;
    const isOurs = lease.owner === workerId && lease.checkpointOwner === undefined;
    return isOurs && !isShardEnd(lease.checkpoint) && reads(lease);
  }

  async #read(leaseKey: string): Promise<Lease | undefined> {
    const { store, report } = this.#parts;
    try {
      return await store.get(leaseKey);
    } catch (error) {
      report({ kind: 'error', during: 'take leases', error });
      return undefined;
    }
  }
}
