import { isShardEnd } from './checkpoint.ts';
import type { Lease } from './lease.ts';

/** Who looks after the table. It only spares calls: two at once do no harm. */
export interface LeaderDecider {
  /** Whether this worker does, given all leases. */
  isLeader(leases: readonly Lease[]): boolean;
}

/** Of the workers that own leases the one whose name comes first; every worker when none does. */
export const isLeader = (leases: readonly Lease[], workerId: string): boolean => {
  const owners = leases.flatMap(({ owner, checkpoint }) =>
    owner === undefined || isShardEnd(checkpoint) ? [] : [owner],
  );
  return owners.every((owner) => workerId <= owner);
};
