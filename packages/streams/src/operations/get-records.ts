import type { Record as RecordAnswer } from '@millrace/aws-model/kinesis';
import type { CallContext } from '@millrace/aws-protocol';
import type { Shard, Stream } from '@millrace/catalog';
import { GET_RECORDS_BYTES_MAX, GET_RECORDS_COUNT_MAX, positionOf, shardIdOf } from '@millrace/core';
import type { LogRecord, ReadResult } from '@millrace/log';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { dryRunPassed, invalidArgument, shardDoesNotExist } from '../model/errors.ts';
import { readShard } from '../model/read-shard.ts';
import { trimHorizonMs } from '../model/retention.ts';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';
import { orShardGone } from '../model/shard-gone.ts';
import { issueIterator, readIterator, type ShardIterator } from '../model/shard-iterator.ts';
import { shardLogOf, visibleShard } from '../model/shard-log.ts';

const shardOf = (
  { streamId, streamName, shardIndex }: ShardIterator,
  { catalog }: StreamsDeps,
  { account, region }: CallContext,
): { readonly stream: Stream; readonly shard: Shard } => {
  const stream = catalog.state.streams.get(streamId);
  const isOurs = stream?.account === account && stream.region === region;
  const shard = isOurs ? visibleShard(stream, shardIndex) : undefined;
  if (stream === undefined || shard === undefined) {
    throw shardDoesNotExist(shardIdOf(shardIndex), { account, name: streamName });
  }
  return { stream, shard };
};

/** Data are the engine's own bytes. */
const recordAnswers = (records: readonly LogRecord[], shard: Shard): RecordAnswer[] => {
  let arrivalSeconds = -1;
  let numberOf = sequenceNumbersOf(shard, 0);
  return records.map(({ key, value, position, arrivalMs }) => {
    if (Math.floor(arrivalMs / 1000) !== arrivalSeconds) {
      arrivalSeconds = Math.floor(arrivalMs / 1000);
      numberOf = sequenceNumbersOf(shard, arrivalMs);
    }
    return {
      SequenceNumber: numberOf(position),
      ApproximateArrivalTimestamp: arrivalMs,
      Data: value,
      PartitionKey: key,
    };
  });
};

/** 0 exactly when the reader has all there is. */
const millisBehindLatest = ({ records, next, end }: ReadResult, nowMs: number): number => {
  const last = records.at(-1);
  return next >= end || last === undefined ? 0 : Math.max(1, nowMs - last.arrivalMs);
};

export const getRecords: KinesisOperation<'GetRecords'> = async (input, deps, context) => {
  const { ShardIterator, Limit = GET_RECORDS_COUNT_MAX, StreamARN } = input;
  const { engine, clock } = deps;
  const iterator = readIterator(ShardIterator, deps);
  const { stream, shard } = shardOf(iterator, deps, context);
  if (StreamARN !== undefined && StreamARN !== stream.arn) {
    throw invalidArgument(`The ShardIterator does not belong to the stream ${StreamARN}.`);
  }
  if (input.DryRun === true) throw dryRunPassed();
  const limits = { records: Limit, bytes: GET_RECORDS_BYTES_MAX };
  const reading = readShard(
    engine,
    shardLogOf(stream.id, shard),
    iterator.position,
    limits,
    trimHorizonMs(stream, clock.now()),
  );
  const result = await orShardGone(stream, shard.index, reading);
  // Past the end stands a reader whose last records a power loss took (`--durability os`): it must not wait there.
  const next = positionOf(Math.min(result.next, result.end));
  return {
    Records: recordAnswers(result.records, shard),
    NextShardIterator: issueIterator(deps, stream, shard.index, next),
    MillisBehindLatest: millisBehindLatest(result, clock.now()),
  };
};
