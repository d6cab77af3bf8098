import type { FleetStore, FleetView } from './fleet-store.ts';
import type { LeaderRow } from './leader-row.ts';
import type { Lease } from './lease.ts';
import type { WorkerRow } from './worker-row.ts';

/** Rows besides the leases in memory, for workers in one process. */
export class MemoryFleetStore implements FleetStore {
  readonly #leases: Map<string, Lease>;
  readonly #workers = new Map<string, WorkerRow>();
  #leader: LeaderRow | undefined;

  constructor(leases: Map<string, Lease>) {
    this.#leases = leases;
  }

  async prepare(): Promise<void> {}

  async view(): Promise<FleetView> {
    return { leases: [...this.#leases.values()], workers: [...this.#workers.values()] };
  }

  async assignedTo(workerId: string): Promise<readonly string[]> {
    const leases = [...this.#leases.values()].filter(({ owner }) => owner === workerId);
    return leases.map(({ leaseKey }) => leaseKey);
  }

  async handOver(seen: Lease, owner: string): Promise<boolean> {
    const now = this.#leases.get(seen.leaseKey);
    if (now === undefined || seen.owner === undefined) return false;
    if (now.owner !== seen.owner || now.checkpointOwner !== undefined) return false;
    this.#leases.set(now.leaseKey, { ...now, owner, checkpointOwner: seen.owner });
    return true;
  }

  async leader(): Promise<LeaderRow | undefined> {
    return this.#leader;
  }

  async replaceLeader(seen: LeaderRow | undefined, next: LeaderRow): Promise<boolean> {
    const now = this.#leader;
    if (now?.version !== seen?.version || now?.isReleased !== seen?.isReleased) return false;
    this.#leader = next;
    return true;
  }

  async report(row: WorkerRow): Promise<void> {
    this.#workers.set(row.workerId, row);
  }

  async forget({ workerId, updatedSeconds }: WorkerRow): Promise<void> {
    if (this.#workers.get(workerId)?.updatedSeconds === updatedSeconds) this.#workers.delete(workerId);
  }
}
