import type { ChildShard } from '@millrace/aws-model/kinesis';
import type { Shard, Stream } from '@millrace/catalog';
import { type Position, positionOf, shardIdOf } from '@millrace/core';

/**
 * Where a shard's records end: for a closed shard a place of its own, whatever its log holds behind it; for an
 * open one wherever the log ends now. A closed shard's log ends earlier only if a power loss took its last
 * records (`--durability os`).
 */
export const endOf = ({ closed }: Shard, logEnd: Position): Position =>
  closed === undefined ? logEnd : positionOf(Math.min(closed.end, logEnd));

const childOf = ({ index, parents, range }: Shard): ChildShard => ({
  ShardId: shardIdOf(index),
  ParentShards: parents.map(shardIdOf),
  HashKeyRange: { StartingHashKey: range.start.toString(), EndingHashKey: range.end.toString() },
});

/**
 * What a reader learns at the end of a closed shard: its children, each with all its parents. Undefined as long
 * as there is more to read, or more may come: then, and only then, the reader gets a place to go on from.
 * `next` and `logEnd` are those of one read of the shard's log.
 */
export const childrenAtEnd = (
  stream: Stream,
  shard: Shard,
  next: Position,
  logEnd: Position,
): ChildShard[] | undefined => {
  if (shard.closed === undefined || next < endOf(shard, logEnd)) return undefined;
  return stream.shards.filter(({ parents }) => parents.includes(shard.index)).map(childOf);
};
