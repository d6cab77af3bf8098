import { parseShardId } from '@millrace/core';
import { shardAnswer } from '../answers/shard.ts';
import { streamProperties } from '../answers/stream.ts';
import type { KinesisOperation } from '../deps.ts';
import { shardNotFound } from '../model/errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { visibleShards } from '../model/shard-filter.ts';

/** Default and cap of Limit (API model). */
const SHARDS_MAX = 100;

export const describeStream: KinesisOperation<'DescribeStream'> = async (input, deps, context) => {
  const { ExclusiveStartShardId: startId, Limit = SHARDS_MAX } = input;
  const stream = requireStream(input, deps, context);
  const after = startId === undefined ? -1 : parseShardId(startId);
  if (after === undefined) throw shardNotFound(String(startId), stream);
  const shards = visibleShards(stream, deps.clock.now()).filter(({ index }) => index > after);
  const page = shards.slice(0, Math.min(Limit, SHARDS_MAX));
  return {
    StreamDescription: {
      ...streamProperties(stream),
      Shards: page.map(shardAnswer),
      HasMoreShards: page.length < shards.length,
    },
  };
};
