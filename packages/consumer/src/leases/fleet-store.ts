import type { LeaderRow } from './leader-row.ts';
import type { Lease } from './lease.ts';
import type { WorkerRow } from './worker-row.ts';

export interface FleetView {
  readonly leases: readonly Lease[];
  readonly workers: readonly WorkerRow[];
}

/**
 * What workers need to choose a leader, and the leader to share out leases: besides the leases, a row that says who
 * leads and one for each worker. Unless it says otherwise, each method is atomic and sees all that was answered
 * before it was called. A call that rejects may have taken effect all the same.
 */
export interface FleetStore {
  /** Readies what `assignedTo` looks at; that may go on in the background. */
  prepare(): Promise<void>;
  /** Everything that a leader looks at; row after row, so that it need not be of one moment. */
  view(): Promise<FleetView>;
  /** Keys of leases that name this worker as their owner. May lag: both too many and too few. */
  assignedTo(workerId: string): Promise<readonly string[]>;
  /** Names another owner, which waits until the one of before has let go; the counter stays. False: it is too late. */
  handOver(seen: Lease, owner: string): Promise<boolean>;
  leader(): Promise<LeaderRow | undefined>;
  /** Writes the row if it still is what was seen, undefined for none. False, and nothing is changed, if it is not. */
  replaceLeader(seen: LeaderRow | undefined, next: LeaderRow): Promise<boolean>;
  /** Writes a worker's row over its last one. */
  report(row: WorkerRow): Promise<void>;
  /** Removes a worker's row, if it was not written since. */
  forget(row: WorkerRow): Promise<void>;
}
