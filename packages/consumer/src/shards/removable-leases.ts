import { isShardEnd } from '../leases/checkpoint.ts';
import type { Lease } from '../leases/lease.ts';

const NOT_BEGUN: ReadonlySet<string> = new Set(['TRIM_HORIZON', 'AT_TIMESTAMP']);

const childrenByParent = (leases: readonly Lease[]): Map<string, Set<string>> => {
  const children = new Map<string, Set<string>>();
  for (const { shardId, parentShardIds, childShardIds } of leases) {
    const links = [
      ...parentShardIds.map((parent) => [parent, shardId] as const),
      ...childShardIds.map((child) => [shardId, child] as const),
    ];
    for (const [parent, child] of links) {
      const known = children.get(parent) ?? new Set();
      children.set(parent, known.add(child));
    }
  }
  return children;
};

/**
 * Leases of finished shards that nobody needs: all children have a lease and have got somewhere, and no parent has
 * one. A parent goes before its child, so that a child's progress is never forgotten while a parent could ask.
 */
export const completedLeases = (leases: readonly Lease[]): readonly Lease[] => {
  const byId = new Map(leases.map((lease) => [lease.shardId, lease]));
  const children = childrenByParent(leases);
  const hasBegun = (shardId: string): boolean => {
    const lease = byId.get(shardId);
    return lease !== undefined && !NOT_BEGUN.has(lease.checkpoint.sequenceNumber);
  };
  return leases.filter(({ shardId, checkpoint, parentShardIds }) => {
    const own = [...(children.get(shardId) ?? [])];
    const isParentless = parentShardIds.every((parent) => !byId.has(parent));
    return isShardEnd(checkpoint) && isParentless && own.length > 0 && own.every(hasBegun);
  });
};

/** Leases of shards that the stream does not have any more. */
export const garbageLeases = (leases: readonly Lease[], shardIds: ReadonlySet<string>): readonly Lease[] =>
  leases.filter(({ shardId }) => !shardIds.has(shardId));
