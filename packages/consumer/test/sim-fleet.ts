import type { Chance } from '@millrace/client-common/testing';
import type { FleetStore, Lease, MemoryLeaseStore } from '@millrace/consumer';
import type { SimMachine } from './sim-machine.ts';

/** An index as DynamoDB has it: what was written a moment ago may not be in it yet, nor what was removed gone. */
export class LaggingIndex {
  readonly #chance: Chance;
  readonly #store: MemoryLeaseStore;
  readonly #before = new Map<string, readonly string[]>();

  constructor(chance: Chance, store: MemoryLeaseStore) {
    this.#chance = chance;
    this.#store = store;
  }

  async assignedTo(workerId: string): Promise<readonly string[]> {
    const now = await this.#store.fleet.assignedTo(workerId);
    const before = this.#before.get(workerId) ?? [];
    this.#before.set(workerId, now);
    return this.#chance.hits(0.3) ? before : now;
  }
}

/** Hears of a request for a hand-over when it takes effect. */
export type HandOverWatch = (before: Lease, to: string) => void;

export const fleetSeenFrom = (
  machine: SimMachine,
  store: MemoryLeaseStore,
  index: LaggingIndex,
  handedOver: HandOverWatch,
): FleetStore => {
  const { fleet } = store;
  return {
    prepare: () => machine.call(() => fleet.prepare()),
    view: () => machine.call(() => fleet.view()),
    assignedTo: (workerId) => machine.call(() => index.assignedTo(workerId)),
    handOver: (seen, owner) =>
      machine.call(async () => {
        const before = await store.get(seen.leaseKey);
        const isWritten = await fleet.handOver(seen, owner);
        if (isWritten && before !== undefined) handedOver(before, owner);
        return isWritten;
      }),
    leader: () => machine.call(() => fleet.leader()),
    replaceLeader: (seen, next) => machine.call(() => fleet.replaceLeader(seen, next)),
    report: (row) => machine.call(() => fleet.report(row)),
    forget: (row) => machine.call(() => fleet.forget(row)),
  };
};

/** How many leases of shards that go on each worker has, without those that are being handed over. */
export const leasesOf = async (store: MemoryLeaseStore, workerIds: readonly string[]): Promise<number[]> => {
  const active = (await store.list()).filter(({ checkpoint }) => checkpoint.sequenceNumber !== 'SHARD_END');
  return workerIds.map(
    (workerId) =>
      active.filter(({ owner, checkpointOwner }) => owner === workerId && checkpointOwner === undefined)
        .length,
  );
};

/** All are with somebody, and none has more than its share; nor less, where there is a leader. */
export const isEven = (counts: readonly number[], leases: number, hasLeader: boolean): boolean => {
  const share = leases / counts.length;
  const least = hasLeader ? Math.floor(share) : 0;
  const total = counts.reduce((a, b) => a + b, 0);
  return total === leases && counts.every((count) => count >= least && count <= Math.ceil(share));
};
