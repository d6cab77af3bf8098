import { type Checkpoint, isShardEnd, TRIM_HORIZON } from '../leases/checkpoint.ts';
import { type Lease, newLease } from '../leases/lease.ts';
import type { Shard } from './shard.ts';

export interface StreamView {
  readonly streamId?: string | undefined;
  /** Every shard that the stream still has. */
  readonly shards: readonly Shard[];
  /** Those where reading begins for whom nothing was read: that were open at the initial position. */
  readonly initialShardIds: ReadonlySet<string>;
  readonly initialCheckpoint: Checkpoint;
}

/**
 * What a shard is to its children:
 *
 *   coming    somebody works on it or will, and makes their leases at its end
 *   finished  it was read to its end
 *   unknown   nothing was read of it, and nothing will be
 */
type Standing = 'coming' | 'finished' | 'unknown';

/**
 * The leases to be made so that every open shard is worked on, in the order of generations. Of each line the oldest
 * shard that is missing gets one, and its descendants follow when it ends: a child of a finished parent begins with
 * its first record; where nothing was read, reading begins at the initial position.
 */
export const missingLeases = (
  { streamId, shards, initialShardIds, initialCheckpoint }: StreamView,
  leases: readonly Lease[],
): readonly Lease[] => {
  const byId = new Map(shards.map((shard) => [shard.shardId, shard]));
  const leased = new Map(leases.map((lease) => [lease.shardId, lease]));
  const standings = new Map<string, Standing>();
  const missing: Lease[] = [];

  const makeLease = (shard: Shard, checkpoint: Checkpoint): Standing => {
    missing.push(newLease(shard.shardId, checkpoint, { ...shard, streamId }));
    return 'coming';
  };
  const settle = (shardId: string): Standing => {
    const lease = leased.get(shardId);
    if (lease !== undefined) return isShardEnd(lease.checkpoint) ? 'finished' : 'coming';
    const shard = byId.get(shardId);
    if (shard === undefined) return 'unknown';
    const parents = shard.parentShardIds.map(standingOf);
    if (parents.includes('coming')) return 'coming';
    if (parents.includes('finished')) return makeLease(shard, TRIM_HORIZON);
    return initialShardIds.has(shardId) ? makeLease(shard, initialCheckpoint) : 'unknown';
  };
  const standingOf = (shardId: string): Standing => {
    const standing = standings.get(shardId) ?? settle(shardId);
    standings.set(shardId, standing);
    return standing;
  };

  const hasChildren = new Set(shards.flatMap(({ parentShardIds }) => parentShardIds));
  for (const { shardId } of shards) if (!hasChildren.has(shardId)) standingOf(shardId);
  return missing;
};
