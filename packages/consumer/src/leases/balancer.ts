import type { Clock, Random } from '@millrace/client-common';
import { ConsumerError } from '../errors.ts';
import type { Report } from '../event.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings.ts';
import type { FleetStore } from './fleet-store.ts';
import { isLeader, type LeaderDecider } from './leader.ts';
import { LeaderElection } from './leader-election.ts';
import type { Lease } from './lease.ts';
import { LeaseAssigner } from './lease-assigner.ts';
import type { LeaseStore } from './lease-store.ts';
import { AssignedTaker, CountTaker, type LeaseTaker } from './lease-taker.ts';
import { type CpuMeter, WorkerReporter } from './worker-reporter.ts';

/** A little less often than their times say. */
const EPSILON_MS = 25;

/** How the workers of an application come to their leases. */
export interface Balancer {
  readonly taker: LeaseTaker;
  /** Between two looks at what there is to take. */
  readonly takeMs: number;
  readonly leader: LeaderDecider;
  begin(): Promise<void>;
  /** Until the signal comes. */
  run(signal: AbortSignal): Promise<void>;
  /** There are new leases. */
  newWork(): void;
}

export interface BalancerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LeaseStore;
  readonly workerId: string;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly cpuMeter?: CpuMeter | undefined;
  readonly report: Report;
  /** Tells of a lease, with its stream. */
  readonly reportOf: (lease: Lease) => Report;
  /** It is of a stream that this worker reads. */
  readonly reads: (lease: Lease) => boolean;
  /** There is something to take. */
  readonly takeSoon: () => void;
}

const byCount = (parts: BalancerParts): Balancer => {
  const { workerId, settings, store, reads, takeSoon } = parts;
  const list = async (): Promise<readonly Lease[]> => (await store.list()).filter(reads);
  return {
    taker: new CountTaker({ ...parts, store: { list } }),
    takeMs: 2 * (settings.failoverMs + EPSILON_MS),
    leader: { isLeader: (leases) => isLeader(leases, workerId) },
    begin: async () => {},
    run: async () => {},
    newWork: takeSoon,
  };
};

/** This worker's part in a fleet that has a leader: it may be that one. */
class FleetMember implements Balancer {
  readonly taker: LeaseTaker;
  readonly takeMs: number;
  readonly leader: LeaderElection;
  readonly #fleet: FleetStore;
  readonly #assigner: LeaseAssigner;
  readonly #reporter: WorkerReporter;
  readonly #report: Report;

  constructor(parts: BalancerParts, fleet: FleetStore) {
    const { settings, takeSoon: assigned, reads, report } = parts;
    this.#fleet = fleet;
    this.#report = report;
    this.taker = new AssignedTaker({ ...parts, fleet });
    this.takeMs = settings.failoverMs - EPSILON_MS;
    const election = new LeaderElection({ ...parts, fleet, began: () => this.#assigner.assignSoon() });
    this.leader = election;
    this.#assigner = new LeaseAssigner({ ...parts, fleet, election, assigned, reads });
    this.#reporter = new WorkerReporter({ ...parts, fleet, cpuMeter: parts.cpuMeter });
  }

  async begin(): Promise<void> {
    try {
      await this.#fleet.prepare();
    } catch (error) {
      if (error instanceof ConsumerError) throw error;
      // Leases are found without it, with more reads.
      this.#report({ kind: 'error', during: 'prepare an index', error });
    }
    await this.#reporter.write();
    await this.leader.tryToLead();
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#reporter.run(signal), this.leader.run(signal), this.#assigner.run(signal)]);
  }

  newWork(): void {
    this.#assigner.assignSoon();
  }
}

export const balancerOf = (parts: BalancerParts): Balancer => {
  const { settings, store } = parts;
  if (settings.balancing === 'count') return byCount(parts);
  if (store.fleet !== undefined) return new FleetMember(parts, store.fleet);
  throw new ConsumerError('InvalidSettings', 'this lease store has no leader: balancing must be count');
};
