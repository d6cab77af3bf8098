import { parseShardId, shardIdOf } from '@millrace/core';
import type { KinesisOperation } from '../deps.ts';
import { dryRunPassed, shardDoesNotExist, shardNotFound } from '../model/errors.ts';
import { requireConsumer } from '../model/find-consumer.ts';
import { orShardGone } from '../model/shard-gone.ts';
import { visibleShard } from '../model/shard-log.ts';
import { startingPosition } from '../model/starting-position.ts';

/** Answers at once; the events follow for up to five minutes, from a position that is fixed now. */
export const subscribeToShard: KinesisOperation<'SubscribeToShard'> = async (input, deps, context) => {
  const { Type: type, SequenceNumber: sequenceNumber, Timestamp: timestampMs } = input.StartingPosition;
  const { subscriptions, engine, clock } = deps;
  const { stream, consumer } = requireConsumer({ ConsumerARN: input.ConsumerARN }, deps, context);
  const index = parseShardId(input.ShardId);
  if (index === undefined) throw shardNotFound(input.ShardId, stream);
  const shard = visibleShard(stream, index);
  if (shard === undefined) throw shardDoesNotExist(shardIdOf(index), stream);
  const place = { stream, shardIndex: index, consumerArn: consumer.arn, consumerName: consumer.name };
  subscriptions.check(place);
  const starting = startingPosition(
    { type, sequenceNumber, timestampMs },
    { stream, shard, engine, clock, usedIn: 'SubscribeToShard' },
  );
  const position = await orShardGone(stream, index, starting);
  if (input.DryRun === true) throw dryRunPassed();
  const subscription = subscriptions.open(place, position, context.signal);
  deps.metrics.ofConsumer(stream, consumer.name).observe('SubscribeToShard.Success', 1);
  return { EventStream: subscription.events() };
};
