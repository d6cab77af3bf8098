import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import type { CallContext } from '@millrace/aws-protocol';
import type { Shard, Stream } from '@millrace/catalog';
import {
  GET_RECORDS_BYTES_MAX,
  GET_RECORDS_COUNT_MAX,
  type Position,
  positionOf,
  shardIdOf,
} from '@millrace/core';
import type { LogRecord } from '@millrace/log';
import { millisBehindLatest, recordAnswers } from '../answers/records.ts';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { measureRead } from '../metrics/measure-reads.ts';
import { dryRunPassed, invalidArgument, rateExceeded, shardDoesNotExist } from '../model/errors.ts';
import { recordBytes } from '../model/incoming-record.ts';
import { readShard } from '../model/read-shard.ts';
import { trimHorizonMs } from '../model/retention.ts';
import { childrenAtEnd } from '../model/shard-end.ts';
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

const bytesOf = (records: readonly LogRecord[]): number =>
  records.reduce((sum, { key, value }) => sum + recordBytes(key, value), 0);

/** Reads on in a shard that has been found. */
const readOn = async (
  stream: Stream,
  shard: Shard,
  from: Position,
  limit: number,
  deps: StreamsDeps,
): Promise<KinesisOperations['GetRecords']['output']> => {
  const { engine, clock, throughput } = deps;
  const log = shardLogOf(stream.id, shard);
  if (throughput?.takeRead(log) === false) throw rateExceeded(shardIdOf(shard.index), stream);
  const limits = { records: limit, bytes: GET_RECORDS_BYTES_MAX };
  const reading = readShard(engine, log, from, limits, trimHorizonMs(stream, clock.now()), shard.closed?.end);
  const result = await orShardGone(stream, shard.index, reading);
  throughput?.gave(log, bytesOf(result.records));
  // Past the end stands a reader whose last records a power loss took (`--durability os`): it must not wait there.
  const next = positionOf(Math.min(result.next, result.end));
  // Telegraf, for one, leaves a shard without a look at the records of the answer that ends it: it brings none.
  const isDrained = result.records.length === 0;
  const children = isDrained ? childrenAtEnd(stream, shard, next, result.end) : undefined;
  return {
    Records: recordAnswers(result.records, shard),
    NextShardIterator: children === undefined ? issueIterator(deps, stream, shard.index, next) : undefined,
    MillisBehindLatest: millisBehindLatest(result, clock.now()),
    ChildShards: children,
  };
};

export const getRecords: KinesisOperation<'GetRecords'> = async (input, deps, context) => {
  const { ShardIterator, Limit = GET_RECORDS_COUNT_MAX, StreamARN } = input;
  const iterator = readIterator(ShardIterator, deps);
  const { stream, shard } = shardOf(iterator, deps, context);
  if (StreamARN !== undefined && StreamARN !== stream.arn) {
    throw invalidArgument(`The ShardIterator does not belong to the stream ${StreamARN}.`);
  }
  if (input.DryRun === true) throw dryRunPassed();
  return measureRead(stream, shard, deps, () => readOn(stream, shard, iterator.position, Limit, deps));
};
