import { parseShardId } from '@millrace/core';
import type { KinesisOperation } from '../deps.ts';
import { shardNotFound } from '../model/errors.ts';
import { findStream } from '../model/find-stream.ts';
import { reshard } from '../model/reshard.ts';

/** Answers once the stream is on record as UPDATING; the life cycle closes the shard and opens its children. */
export const splitShard: KinesisOperation<'SplitShard'> = async (input, deps, context) => {
  const found = findStream(input, deps, context);
  const shard = parseShardId(input.ShardToSplit);
  if (shard === undefined) throw shardNotFound(input.ShardToSplit, found);
  const { NewStartingHashKey: newStartingHashKey } = input;
  const { shardsMax } = deps;
  await reshard(found, deps, { type: 'streams.split-shard.v1', shard, newStartingHashKey, shardsMax });
};
