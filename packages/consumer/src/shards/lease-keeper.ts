import type { Report } from '../event.ts';
import { AT_TIMESTAMP, type Checkpoint, LATEST, TRIM_HORIZON } from '../leases/checkpoint.ts';
import { type Lease, leaseKeyOf, newLease } from '../leases/lease.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { Metrics } from '../metrics/metrics.ts';
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
  readonly store: LeaseStore;
  readonly transport: Pick<TimedTransport, 'listShards'>;
  readonly streamId: string | undefined;
  readonly initialPosition: InitialPosition;
  readonly settings: Pick<Settings, 'auditHolesMax'>;
  readonly metrics: Metrics;
  readonly report: Report;
}

/** Sees to it that the table has a lease for every shard of a stream that is to be read, and none that nobody needs. */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts;
  #hole: string | undefined;
  #holesSeen = 0;
  #cleanups = 0;

  constructor(parts: LeaseKeeperParts) {
    this.#parts = parts;
  }

  /**
   * Leases for the children of a shard that was read to its end, before its own says so. The child of a merge gets its
   * lease from the parent that ends last: before that nobody would know that the other is still to come.
   */
  async addChildren(shardId: string, told: readonly Shard[]): Promise<readonly string[]> {
    const { store, streamId } = this.#parts;
    const children = told.length > 0 ? told : await this.#childrenOf(shardId);
    for (const child of children) {
      const others = child.parentShardIds.filter((parent) => parent !== shardId);
      const leases = await Promise.all(others.map((parent) => store.get(leaseKeyOf(streamId, parent))));
      if (leases.includes(undefined)) continue;
      await this.#create('ShutdownTask', newLease(child.shardId, TRIM_HORIZON, { ...child, streamId }));
    }
    return children.map((child) => child.shardId);
  }

  /** Of the stream's leases: fills a hole that stays. One alone may be a list that was written while it was read. */
  async audit(leases: readonly Lease[], isLeader: boolean): Promise<void> {
    if (leases.length === 0) return this.fill();
    const hole = isLeader ? firstHole(leases) : undefined;
    this.#holesSeen = hole === undefined ? 0 : hole === this.#hole ? this.#holesSeen + 1 : 1;
    this.#hole = hole;
    const isToFill = this.#holesSeen >= this.#parts.settings.auditHolesMax;
    if (isLeader) this.#measureHole(hole !== undefined, isToFill);
    if (!isToFill) return;
    await this.fill();
    this.#hole = undefined;
    this.#holesSeen = 0;
  }

  async cleanUp(leases: readonly Lease[]): Promise<void> {
    const { store, transport, report } = this.#parts;
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
      report({ kind: 'leaseRemoved', shardId: lease.shardId });
    }
  }

  fill(): Promise<void> {
    return this.#parts.metrics.of('ShardSyncTask').attempt('Success', 'Time', () => this.#fill());
  }

  /** The leases are listed last, so that none is missed that was made for a shard on the lists. */
  async #fill(): Promise<void> {
    const { store, transport, streamId, initialPosition } = this.#parts;
    const initial = await transport.listShards(initialPosition);
    const shards = await transport.listShards();
    const view = {
      streamId,
      shards,
      initialShardIds: new Set(initial.map(({ shardId }) => shardId)),
      initialCheckpoint: checkpointOf(initialPosition),
    };
    const leases = (await store.list()).filter((lease) => lease.streamId === streamId);
    for (const lease of missingLeases(view, leases)) await this.#create('ShardSyncTask', lease);
  }

  async #childrenOf(shardId: string): Promise<readonly Shard[]> {
    const shards = await this.#parts.transport.listShards();
    return shards.filter(({ parentShardIds }) => parentShardIds.includes(shardId));
  }

  async #create(task: 'ShardSyncTask' | 'ShutdownTask', lease: Lease): Promise<void> {
    const { store, report, metrics } = this.#parts;
    const create = (): Promise<boolean> => store.create(lease);
    const isNew = await metrics.of(task).attempt('CreateLease.Success', 'CreateLease.Time', create);
    if (isNew) report({ kind: 'leaseCreated', shardId: lease.shardId });
  }

  #measureHole(isThere: boolean, isToFill: boolean): void {
    const scope = this.#parts.metrics.of('PeriodicShardSyncManager');
    scope.observe('NumStreamsWithPartialLeases', isThere ? 1 : 0);
    scope.observe('NumStreamsToSync', isToFill ? 1 : 0);
  }
}
