import { divideHashKeySpace, formatArn, partitionOf } from '@millrace/core';
import type { Reducers } from '../command.ts';
import { capacityReducers, overOnDemandQuota } from './capacity-reducer.ts';
import { changeStream, sortedTags } from './change-stream.ts';
import type { StreamsCommand, StreamsRefusal } from './commands.ts';
import { consumerReducers } from './consumer-reducer.ts';
import { encryptionReducers } from './encryption-reducer.ts';
import { monitoringReducers } from './monitoring-reducer.ts';
import { policyReducers } from './policy-reducer.ts';
import { reshardReducers } from './reshard-reducer.ts';
import { openShardsOf } from './shards.ts';
import type { StreamsState } from './state.ts';
import { type Stream, TAGS_MAX } from './stream.ts';

type CreateStream = Extract<StreamsCommand, { type: 'streams.create.v1' }>;

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
    recordDistribution: command.recordDistribution ?? 'USER_PARTITION_KEY',
    ...(command.warmThroughputMibps === undefined
      ? {}
      : { warmThroughputMibps: command.warmThroughputMibps }),
    consumers: [],
  };
};

const overStreamQuotas = (state: StreamsState, command: CreateStream): StreamsRefusal | undefined => {
  const { account, region, mode, onDemandMax, creatingMax } = command;
  if (creatingMax !== undefined) {
    const creating = state.list(account, region).filter(({ status }) => status === 'CREATING');
    if (creating.length >= creatingMax) return { reason: 'too-many-creating-streams', creatingMax };
  }
  return mode === 'ON_DEMAND' ? overOnDemandQuota(state, command, onDemandMax) : undefined;
};

export const streamsReducers: Reducers<StreamsState, StreamsCommand, StreamsRefusal> = {
  ...capacityReducers,
  ...consumerReducers,
  ...reshardReducers,
  ...monitoringReducers,
  ...encryptionReducers,
  ...policyReducers,

  'streams.create.v1': (state, command, arrivalMs) => {
    const { id, account, region, name, shardCount, shardsMax, tags } = command;
    if (state.find(account, region, name) ?? state.get(id)) return { reason: 'stream-exists' };
    const openShardCount = state
      .list(account, region)
      .reduce((sum, stream) => sum + openShardsOf(stream).length, 0);
    if (openShardCount + shardCount > shardsMax) {
      return { reason: 'too-many-shards', openShardCount, shardCount, shardsMax };
    }
    const refusal = overStreamQuotas(state, command);
    if (refusal !== undefined) return refusal;
    if (tags.length > TAGS_MAX) return { reason: 'too-many-tags' };
    state.put(newStream(command, arrivalMs));
    return undefined;
  },

  'streams.activate.v1': (state, { id }) =>
    changeStream(state, id, ['CREATING'], (stream) => ({ ...stream, status: 'ACTIVE' })),

  // AWS lets go of a stream that is still CREATING (recorded).
  'streams.mark-deleting.v1': (state, { id, unlessConsumed }) =>
    changeStream(state, id, ['CREATING', 'ACTIVE'], (stream) => {
      const isConsumed = stream.consumers.some(({ status }) => status !== 'DELETING');
      if (unlessConsumed === true && isConsumed) return { reason: 'has-consumers' };
      const consumers = stream.consumers.map((each) => ({ ...each, status: 'DELETING' as const }));
      return { ...stream, status: 'DELETING', consumers };
    }),

  'streams.forget.v1': (state, { id }) => {
    const stream = state.get(id);
    if (stream === undefined) return { reason: 'no-such-stream' };
    if (stream.status !== 'DELETING') return { reason: 'wrong-status', status: stream.status };
    state.remove(stream);
    return undefined;
  },

  'streams.set-tags.v1': (state, { id, tags }) =>
    changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) => {
      const all = sortedTags([...stream.tags, ...tags]);
      return all.size > TAGS_MAX ? { reason: 'too-many-tags' } : { ...stream, tags: all };
    }),

  'streams.remove-tags.v1': (state, { id, keys }) =>
    changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) => {
      const gone = new Set(keys);
      return { ...stream, tags: new Map([...stream.tags].filter(([key]) => !gone.has(key))) };
    }),
};
