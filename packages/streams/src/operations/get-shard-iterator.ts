import { parseShardId, shardIdOf } from '@millrace/core';
import type { KinesisOperation } from '../deps.ts';
import { dryRunPassed, rateExceeded, shardDoesNotExist, shardNotFound } from '../model/errors.ts';
import { findStream } from '../model/find-stream.ts';
import { orShardGone } from '../model/shard-gone.ts';
import { issueIterator } from '../model/shard-iterator.ts';
import { shardLogOf, visibleShard } from '../model/shard-log.ts';
import { startingPosition } from '../model/starting-position.ts';

/** Checks in AWS's order: the shard id's form, the stream, the shard, then type, number and time. */
export const getShardIterator: KinesisOperation<'GetShardIterator'> = async (input, deps, context) => {
  const found = findStream(input, deps, context);
  const index = parseShardId(input.ShardId);
  if (index === undefined) throw shardNotFound(input.ShardId, found);
  const { stream } = found;
  const shard = stream && visibleShard(stream, index);
  if (stream === undefined || shard === undefined) throw shardDoesNotExist(shardIdOf(index), found);
  const starting = {
    type: input.ShardIteratorType,
    sequenceNumber: input.StartingSequenceNumber,
    timestampMs: input.Timestamp,
  };
  const place = {
    stream,
    shard,
    engine: deps.engine,
    clock: deps.clock,
    usedIn: 'GetShardIterator',
  } as const;
  const position = await orShardGone(stream, index, startingPosition(starting, place));
  if (input.DryRun === true) throw dryRunPassed();
  if (deps.throughput?.takeIterator(shardLogOf(stream.id, shard)) === false) {
    throw rateExceeded(shardIdOf(index), stream);
  }
  return { ShardIterator: issueIterator(deps, stream, index, position) };
};
