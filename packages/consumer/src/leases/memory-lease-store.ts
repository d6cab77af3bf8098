import { isSameState, type Lease, type LeaseChange } from './lease.ts';
import type { LeaseStore, UpdateOutcome } from './lease-store.ts';
import { MemoryFleetStore } from './memory-fleet-store.ts';

/** Leases in memory, for workers in one process: tests and simulations. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, Lease>();
  readonly fleet = new MemoryFleetStore(this.#leases);

  async prepare(): Promise<void> {}

  async list(): Promise<readonly Lease[]> {
    return [...this.#leases.values()];
  }

  async get(leaseKey: string): Promise<Lease | undefined> {
    return this.#leases.get(leaseKey);
  }

  async create(lease: Lease): Promise<boolean> {
    if (this.#leases.has(lease.leaseKey)) return false;
    this.put(lease);
    return true;
  }

  async update(seen: Lease, change: LeaseChange): Promise<UpdateOutcome> {
    const now = this.#leases.get(seen.leaseKey);
    if (now === undefined || !isSameState(now, seen)) return { isApplied: false, lease: now };
    const { childShardIds = now.childShardIds, checkpoint = now.checkpoint } = change;
    const { ownerSwitches = now.ownerSwitches } = change;
    const lease = { ...now, ...change, childShardIds, checkpoint, ownerSwitches, counter: now.counter + 1 };
    this.put(lease);
    return { isApplied: true, lease };
  }

  async remove(seen: Lease): Promise<void> {
    const now = this.#leases.get(seen.leaseKey);
    if (now !== undefined && isSameState(now, seen)) this.#leases.delete(seen.leaseKey);
  }

  /** Writes it without any condition, as another program may. */
  put(lease: Lease): void {
    this.#leases.set(lease.leaseKey, lease);
  }
}
