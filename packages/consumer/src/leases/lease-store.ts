import type { FleetStore } from './fleet-store.ts';
import type { Lease, LeaseChange } from './lease.ts';

export type UpdateOutcome =
  | { readonly isApplied: true; readonly lease: Lease }
  /** Somebody else has written: the lease as it is now, undefined when it is gone. */
  | { readonly isApplied: false; readonly lease: Lease | undefined };

/**
 * Where the leases of one application are kept, seen by all of its workers. Each method is atomic and sees all that
 * was answered before it was called. A call that rejects may have taken effect all the same.
 */
export interface LeaseStore {
  /** Makes what leases are kept in if it is not there, and waits until it can be used. */
  prepare(signal: AbortSignal): Promise<void>;
  /** All leases, in any order; one after another, so that they need not be of one moment. */
  list(): Promise<readonly Lease[]>;
  get(leaseKey: string): Promise<Lease | undefined>;
  /** False, and nothing is changed, when there is one with this key. */
  create(lease: Lease): Promise<boolean>;
  /** Changes it and adds one to its counter, if counter, owner and checkpoint owner are those of `seen`. */
  update(seen: Lease, change: LeaseChange): Promise<UpdateOutcome>;
  /** Removes it on the same condition. */
  remove(seen: Lease): Promise<void>;
  /** Where the leader and the workers are kept; without it leases can be shared by count alone. */
  readonly fleet?: FleetStore | undefined;
}
