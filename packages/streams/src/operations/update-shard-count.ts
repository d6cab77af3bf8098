import { openShardsOf } from '@millrace/catalog';
import type { KinesisOperation } from '../deps.ts';
import { limitedShardCount } from '../limits/change-limits.ts';
import { findStream } from '../model/find-stream.ts';
import { reshard } from '../model/reshard.ts';

/**
 * Answers once the stream is on record as UPDATING; the life cycle splits and merges until the shards divide the
 * hash key space evenly. Short-lived shards come and go on the way, as on AWS.
 */
export const updateShardCount: KinesisOperation<'UpdateShardCount'> = async (input, deps, context) => {
  const found = findStream(input, deps, context);
  const { TargetShardCount: shardCount } = input;
  const { shardsMax } = deps;
  const scale = async () => reshard(found, deps, { type: 'streams.scale-shards.v1', shardCount, shardsMax });
  const before = await (found.stream === undefined
    ? scale()
    : limitedShardCount(found.stream, shardCount, deps, scale));
  return {
    StreamName: before.name,
    StreamARN: before.arn,
    CurrentShardCount: openShardsOf(before).length,
    TargetShardCount: shardCount,
  };
};
