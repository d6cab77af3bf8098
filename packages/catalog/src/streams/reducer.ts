import { divideHashKeySpace, formatArn, partitionOf } from '@millrace/core';
import type { Reducers } from '../command.ts';
import type { StreamsCommand, StreamsRefusal } from './commands.ts';
import { openShardsOf } from './shards.ts';
import type { StreamsState } from './state.ts';
import { type Stream, type StreamId, type StreamStatus, TAGS_MAX } from './stream.ts';

type CreateStream = Extract<StreamsCommand, { type: 'streams.create.v1' }>;

const sortedTags = (tags: Iterable<readonly [string, string]>): Map<string, string> =>
  new Map([...new Map(tags)].sort(([a], [b]) => (a < b ? -1 : 1)));

const newStream = (command: CreateStream, createdAtMs: number): Stream => {
  const { id, account, region, name, mode, retentionHours, maxRecordBytes } = command;
  const resource = `stream/${name}`;
  return {
    id,
    account,
    region,
    name,
    arn: formatArn({ partition: partitionOf(region), service: 'kinesis', region, account, resource }),
    status: 'CREATING',
    createdAtMs,
    mode,
    shards: divideHashKeySpace(command.shardCount).map((range, index) => ({
      index,
      range,
      createdAtMs,
      parents: [],
    })),
    retentionHours,
    maxRecordBytes,
    tags: sortedTags(command.tags),
    encryption: { type: 'NONE' },
    recordDistribution: 'USER_PARTITION_KEY',
  };
};

/** Replaces a stream that stands in one of the states; says why if it cannot. */
const change = (
  state: StreamsState,
  id: StreamId,
  from: readonly StreamStatus[],
  changed: (stream: Stream) => Stream | StreamsRefusal,
): StreamsRefusal | undefined => {
  const stream = state.get(id);
  if (stream === undefined) return { reason: 'no-such-stream' };
  if (!from.includes(stream.status)) return { reason: 'wrong-status', status: stream.status };
  const next = changed(stream);
  if ('reason' in next) return next;
  state.put(next);
  return undefined;
};

export const streamsReducers: Reducers<StreamsState, StreamsCommand, StreamsRefusal> = {
  'streams.create.v1': (state, command, arrivalMs) => {
    const { id, account, region, name, shardCount, shardsMax, tags } = command;
    if (state.find(account, region, name) ?? state.get(id)) return { reason: 'stream-exists' };
    const openShardCount = state
      .list(account, region)
      .reduce((sum, stream) => sum + openShardsOf(stream).length, 0);
    if (openShardCount + shardCount > shardsMax) {
      return { reason: 'too-many-shards', openShardCount, shardCount, shardsMax };
    }
    if (tags.length > TAGS_MAX) return { reason: 'too-many-tags' };
    state.put(newStream(command, arrivalMs));
    return undefined;
  },

  'streams.activate.v1': (state, { id }) =>
    change(state, id, ['CREATING'], (stream) => ({ ...stream, status: 'ACTIVE' })),

  // AWS lets go of a stream that is still CREATING (recorded).
  'streams.mark-deleting.v1': (state, { id }) =>
    change(state, id, ['CREATING', 'ACTIVE'], (stream) => ({ ...stream, status: 'DELETING' })),

  'streams.forget.v1': (state, { id }) => {
    const stream = state.get(id);
    if (stream === undefined) return { reason: 'no-such-stream' };
    if (stream.status !== 'DELETING') return { reason: 'wrong-status', status: stream.status };
    state.remove(stream);
    return undefined;
  },

  'streams.set-tags.v1': (state, { id, tags }) =>
    change(state, id, ['ACTIVE', 'UPDATING'], (stream) => {
      const all = sortedTags([...stream.tags, ...tags]);
      return all.size > TAGS_MAX ? { reason: 'too-many-tags' } : { ...stream, tags: all };
    }),

  'streams.remove-tags.v1': (state, { id, keys }) =>
    change(state, id, ['ACTIVE', 'UPDATING'], (stream) => {
      const gone = new Set(keys);
      return { ...stream, tags: new Map([...stream.tags].filter(([key]) => !gone.has(key))) };
    }),
};
