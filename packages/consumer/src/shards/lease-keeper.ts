import type { Clock } from '../clock.ts';
import type { Report } from '../event.ts';
import { AT_TIMESTAMP, type Checkpoint, LATEST, TRIM_HORIZON } from '../leases/checkpoint.ts';
import { isLeader } from '../leases/leader.ts';
import { type Lease, newLease } from '../leases/lease.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import { repeat } from '../repeat.ts';
import type { Settings } from '../settings.ts';
import type { TimedTransport } from '../timed-services.ts';
import { firstHole } from './hole.ts';
import { missingLeases } from './missing-leases.ts';
import { completedLeases, garbageLeases } from './removable-leases.ts';
import type { InitialPosition, Shard } from './shard.ts';

/** Leases of trimmed shards do no harm, and to find them all shards are listed: every so many clean-ups. */
const CLEANUPS_PER_GARBAGE = 30;

const checkpointOf = (position: InitialPosition): Checkpoint => {
  if (position instanceof Date) return AT_TIMESTAMP;
  return position === 'LATEST' ? LATEST : TRIM_HORIZON;
};

export interface LeaseKeeperParts {
  readonly clock: Clock;
  readonly store: LeaseStore;
  readonly transport: Pick<TimedTransport, 'listShards'>;
  readonly workerId: string;
  readonly initialPosition: InitialPosition;
  readonly settings: Pick<Settings, 'auditMs' | 'auditHolesMax' | 'cleanupMs'>;
  readonly report: Report;
}

/** Sees to it that the table has a lease for every shard that is to be read, and none that nobody needs. */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts;
  #hole: string | undefined;
  #holesSeen = 0;
  #cleanups = 0;

  constructor(parts: LeaseKeeperParts) {
    this.#parts = parts;
  }

  /** The first leases of all, if there are none. */
  async begin(): Promise<void> {
    if ((await this.#parts.store.list()).length === 0) await this.#fill();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#parts;
    await Promise.all([
      repeat(clock, settings.auditMs, signal, () => this.#report('audit shards', () => this.audit())),
      repeat(clock, settings.cleanupMs, signal, () => this.#report('clean up leases', () => this.cleanUp())),
    ]);
  }

  /**
   * Leases for the children of a shard that was read to its end, before its own says so. The child of a merge gets its
   * lease from the parent that ends last: before that nobody would know that the other is still to come.
   */
  async addChildren(shardId: string, told: readonly Shard[]): Promise<readonly string[]> {
    const children = told.length > 0 ? told : await this.#childrenOf(shardId);
    for (const child of children) {
      const others = child.parentShardIds.filter((parent) => parent !== shardId);
      const leases = await Promise.all(others.map((parent) => this.#parts.store.get(parent)));
      if (leases.includes(undefined)) continue;
      await this.#create(newLease(child.shardId, TRIM_HORIZON, child));
    }
    return children.map((child) => child.shardId);
  }

  /** Fills a hole that stays: one alone may be a list of leases that were written while it was read. */
  async audit(): Promise<void> {
    const { store, workerId, settings } = this.#parts;
    const leases = await store.list();
    if (leases.length === 0) return this.#fill();
    if (!isLeader(leases, workerId)) return this.#seeHole(undefined);
    this.#seeHole(firstHole(leases));
    if (this.#holesSeen < settings.auditHolesMax) return;
    await this.#fill();
    this.#seeHole(undefined);
  }

  async cleanUp(): Promise<void> {
    const { store, transport, workerId, report } = this.#parts;
    const leases = await store.list();
    if (!isLeader(leases, workerId)) return;
    this.#cleanups++;
    const garbage: Lease[] = [];
    if (this.#cleanups % CLEANUPS_PER_GARBAGE === 0) {
      const shards = await transport.listShards();
      // A stream always has shards: an empty list is a stream that is going, or a service that is wrong.
      const shardIds = new Set(shards.map(({ shardId }) => shardId));
      if (shardIds.size > 0) garbage.push(...garbageLeases(leases, shardIds));
    }
    for (const lease of new Set([...completedLeases(leases), ...garbage])) {
      await store.remove(lease);
      report({ kind: 'leaseRemoved', shardId: lease.leaseKey });
    }
  }

  /** The leases are listed last, so that none is missed that was made for a shard on the lists. */
  async #fill(): Promise<void> {
    const { store, transport, initialPosition } = this.#parts;
    const initial = await transport.listShards(initialPosition);
    const shards = await transport.listShards();
    const view = {
      shards,
      initialShardIds: new Set(initial.map(({ shardId }) => shardId)),
      initialCheckpoint: checkpointOf(initialPosition),
    };
    for (const lease of missingLeases(view, await store.list())) await this.#create(lease);
  }

  async #childrenOf(shardId: string): Promise<readonly Shard[]> {
    const shards = await this.#parts.transport.listShards();
    return shards.filter(({ parentShardIds }) => parentShardIds.includes(shardId));
  }

  async #create(lease: Lease): Promise<void> {
    const { store, report } = this.#parts;
    if (await store.create(lease)) report({ kind: 'leaseCreated', shardId: lease.leaseKey });
  }

  #seeHole(hole: string | undefined): void {
    this.#holesSeen = hole === undefined ? 0 : hole === this.#hole ? this.#holesSeen + 1 : 1;
    this.#hole = hole;
  }

  async #report(during: 'audit shards' | 'clean up leases', task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#parts.report({ kind: 'error', during, error });
    }
  }
}
