import type { ListShardsInput, ShardFilter as ShardFilterInput } from '@millrace/aws-model/kinesis';
import type { CallContext } from '@millrace/aws-protocol';
import type { Stream, StreamId } from '@millrace/catalog';
import { parseShardId } from '@millrace/core';
import { shardAnswer } from '../answers/shard.ts';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { wasCreatedAt } from '../model/creation-time.ts';
import { invalidArgument, shardNotFound, streamNotFound } from '../model/errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { PageTokens } from '../model/page-token.ts';
import { filterShards, type ShardFilter } from '../model/shard-filter.ts';

/** Default and cap of MaxResults (API model). */
const SHARDS_MAX = 1_000;

/** What is asked for, and after which shard the page starts. */
interface Place {
  readonly streamId: StreamId;
  readonly streamName: string;
  readonly filter: ShardFilter;
  readonly after: number;
}

const pageTokens = new PageTokens<Place>('list-shards');

const indexOf = (shardId: string, stream: Stream): number => {
  const index = parseShardId(shardId);
  if (index === undefined) throw shardNotFound(shardId, stream);
  return index;
};

const filterOf = (input: ShardFilterInput | undefined, stream: Stream): ShardFilter => {
  if (input === undefined) return { type: 'FROM_TRIM_HORIZON' };
  const { Type: type, ShardId: shardId, Timestamp: timestampMs } = input;
  if (type === 'AFTER_SHARD_ID') {
    if (shardId === undefined) throw invalidArgument(`ShardFilter ${type} requires a ShardId.`);
    return { type, shardIndex: indexOf(shardId, stream) };
  }
  if (type !== 'AT_TIMESTAMP' && type !== 'FROM_TIMESTAMP') return { type };
  if (timestampMs === undefined) throw invalidArgument(`ShardFilter ${type} requires a Timestamp.`);
  return { type, timestampMs };
};

/** What stands in the token already. */
const excludedByToken = [
  'StreamName',
  'StreamARN',
  'StreamCreationTimestamp',
  'ExclusiveStartShardId',
] as const;

const placeOfToken = (input: ListShardsInput, token: string, deps: StreamsDeps): Place => {
  const excluded = excludedByToken.find((member) => input[member] !== undefined);
  if (excluded !== undefined) {
    throw invalidArgument(`NextToken and ${excluded} cannot be provided together.`);
  }
  return pageTokens.read(token, deps);
};

const firstPlace = (input: ListShardsInput, deps: StreamsDeps, context: CallContext): Place => {
  const { StreamName, StreamARN, StreamId, StreamCreationTimestamp, ExclusiveStartShardId: startId } = input;
  if ((StreamName ?? StreamARN ?? StreamId) === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.');
  }
  const stream = requireStream(input, deps, context);
  if (StreamCreationTimestamp !== undefined && !wasCreatedAt(stream, StreamCreationTimestamp)) {
    throw streamNotFound(stream);
  }
  return {
    streamId: stream.id,
    streamName: stream.name,
    filter: filterOf(input.ShardFilter, stream),
    after: startId === undefined ? -1 : indexOf(startId, stream),
  };
};

export const listShards: KinesisOperation<'ListShards'> = async (input, deps, context) => {
  const { NextToken: token, MaxResults = SHARDS_MAX } = input;
  const place = token === undefined ? firstPlace(input, deps, context) : placeOfToken(input, token, deps);
  const stream = deps.catalog.state.streams.get(place.streamId);
  if (stream === undefined) throw streamNotFound({ account: context.account, name: place.streamName });
  const shards = filterShards(stream, place.filter, deps.clock.now()).filter(
    ({ index }) => index > place.after,
  );
  const page = shards.slice(0, Math.min(MaxResults, SHARDS_MAX));
  const last = page.at(-1);
  const hasMore = page.length < shards.length;
  return {
    Shards: page.map(shardAnswer),
    NextToken: hasMore && last ? pageTokens.issue({ ...place, after: last.index }, deps) : undefined,
  };
};
