import type { Shard as ShardAnswer } from '@millrace/aws-model/kinesis';
import type { Shard } from '@millrace/catalog';
import { shardIdOf } from '@millrace/core';
import { endingNumberOf, startingNumberOf } from '../model/sequence-numbers.ts';

export const shardAnswer = (shard: Shard): ShardAnswer => {
  const [parent, adjacentParent] = shard.parents;
  return {
    ShardId: shardIdOf(shard.index),
    ParentShardId: parent === undefined ? undefined : shardIdOf(parent),
    AdjacentParentShardId: adjacentParent === undefined ? undefined : shardIdOf(adjacentParent),
    HashKeyRange: {
      StartingHashKey: shard.range.start.toString(),
      EndingHashKey: shard.range.end.toString(),
    },
    SequenceNumberRange: {
      StartingSequenceNumber: startingNumberOf(shard),
      EndingSequenceNumber: endingNumberOf(shard),
    },
  };
};
