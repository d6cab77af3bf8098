import { parseShardId } from '@millrace/core';
import type { KinesisOperation } from '../deps.ts';
import { shardNotFound } from '../model/errors.ts';
import { type FoundStream, findStream } from '../model/find-stream.ts';
import { reshard } from '../model/reshard.ts';

const indexOf = (shardId: string, found: FoundStream): number => {
  const index = parseShardId(shardId);
  if (index === undefined) throw shardNotFound(shardId, found);
  return index;
};

/** Answers once the stream is on record as UPDATING; the life cycle closes both shards and opens their child. */
export const mergeShards: KinesisOperation<'MergeShards'> = async (input, deps, context) => {
  const found = findStream(input, deps, context);
  const shards = [indexOf(input.ShardToMerge, found), indexOf(input.AdjacentShardToMerge, found)] as const;
  await reshard(found, deps, { type: 'streams.merge-shards.v1', shards });
};
