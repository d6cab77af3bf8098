import type { Reducers } from '../command.ts';
import { changeStream } from './change-stream.ts';
import type { StreamsRefusal } from './commands.ts';
import type { ReshardCommand } from './reshard-commands.ts';
import {
  closingShardsOf,
  mergeOf,
  type Reshape,
  type Resharding,
  reshardedShards,
  splitOf,
} from './resharding.ts';
import { isExpired, trimHorizonMs } from './retention.ts';
import { reshapesTowards } from './scaling.ts';
import { findShard, openShardsOf } from './shards.ts';
import type { StreamsState } from './state.ts';
import type { Shard, Stream, StreamId, StreamMode } from './stream.ts';

/** Splits and merges at a time: writers of those shards wait while that many logs are made. Our choice. */
const RESHAPES_MAX = 64;

const begin = (stream: Stream, resharding: Resharding): Stream => ({
  ...stream,
  status: 'UPDATING',
  resharding,
});

const end = ({ resharding, ...stream }: Stream): Stream => ({ ...stream, status: 'ACTIVE' });

/** Goes on towards the number of shards, or ends there. */
export const towards = (shardCount: number, stream: Stream): Stream => {
  const reshapes = reshapesTowards(shardCount, openShardsOf(stream), RESHAPES_MAX);
  return reshapes.length === 0 ? end(stream) : begin(stream, { reshapes, shardCount });
};

const openShard = (stream: Stream, index: number): Shard | StreamsRefusal => {
  const shard = findShard(stream, index);
  if (shard === undefined) return { reason: 'no-such-shard', shard: index };
  return shard.closed === undefined ? shard : { reason: 'shard-closed', shard: index };
};

export const overShardQuota = (
  state: StreamsState,
  { account, region }: Stream,
  shardCount: number,
  shardsMax: number,
): StreamsRefusal | undefined => {
  const openShardCount = state
    .list(account, region)
    .reduce((sum, stream) => sum + openShardsOf(stream).length, 0);
  if (shardCount <= 0 || openShardCount + shardCount <= shardsMax) return undefined;
  return { reason: 'too-many-shards', openShardCount, shardCount, shardsMax };
};

/** AWS wants the key above the start's next one and below the end (recorded). */
const splitAt = (shard: Shard, at: bigint): Reshape | StreamsRefusal => {
  const { start, end } = shard.range;
  if (start + 1n < at && at < end) return splitOf(shard, at);
  const texts = { hashKey: `${at}`, start: `${start}`, end: `${end}` };
  return { reason: 'split-outside', shard: shard.index, ...texts };
};

/** Re-shards an ACTIVE stream; `resharded` says into what. */
const reshard = (
  state: StreamsState,
  { id, mode }: { readonly id: StreamId; readonly mode: StreamMode },
  resharded: (stream: Stream) => Stream | StreamsRefusal,
): StreamsRefusal | undefined => {
  const stream = state.get(id);
  if (stream !== undefined && stream.mode !== mode) return { reason: 'wrong-mode', mode: stream.mode };
  return changeStream(state, id, ['ACTIVE'], resharded);
};

export const reshardReducers: Reducers<StreamsState, ReshardCommand, StreamsRefusal> = {
  'streams.split-shard.v1': (state, command) =>
    reshard(state, command, (stream) => {
      const shard = openShard(stream, command.shard);
      if ('reason' in shard) return shard;
      const refusal = overShardQuota(state, stream, 1, command.shardsMax);
      if (refusal !== undefined) return refusal;
      const reshape = splitAt(shard, BigInt(command.newStartingHashKey));
      return 'reason' in reshape ? reshape : begin(stream, { reshapes: [reshape] });
    }),

  'streams.merge-shards.v1': (state, command) =>
    reshard(state, command, (stream) => {
      const [lower, upper] = [openShard(stream, command.shards[0]), openShard(stream, command.shards[1])];
      if ('reason' in lower) return lower;
      if ('reason' in upper) return upper;
      if (lower.range.end + 1n !== upper.range.start) {
        return { reason: 'not-adjacent', shards: command.shards };
      }
      return begin(stream, { reshapes: [mergeOf(lower, upper)] });
    }),

  'streams.scale-shards.v1': (state, command) =>
    reshard(state, command, (stream) => {
      const more = command.shardCount - openShardsOf(stream).length;
      return overShardQuota(state, stream, more, command.shardsMax) ?? towards(command.shardCount, stream);
    }),

  // The first to say so is right; a second one has nothing left to close.
  'streams.close-shards.v1': (state, { id, ends, staysUpdating }, arrivalMs) =>
    changeStream(state, id, ['UPDATING'], (stream) => {
      const closing = closingShardsOf(stream);
      const isTheseShards = ends.length === closing.size && ends.every(([index]) => closing.has(index));
      if (closing.size === 0 || !isTheseShards) return { reason: 'not-closing' };
      const shards = reshardedShards(stream, new Map(ends), arrivalMs);
      const target = stream.resharding?.shardCount;
      const next = target === undefined ? end({ ...stream, shards }) : towards(target, { ...stream, shards });
      return staysUpdating === true ? { ...next, status: 'UPDATING' } : next;
    }),

  'streams.forget-shards.v1': (state, { id, shards }, arrivalMs) =>
    changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) => {
      const horizonMs = trimHorizonMs(stream, arrivalMs);
      const named = new Set(shards);
      const kept = stream.shards.filter((shard) => !(named.has(shard.index) && isExpired(shard, horizonMs)));
      return kept.length === stream.shards.length ? stream : { ...stream, shards: kept };
    }),

  // What has expired by the old period or expires by the new one stays so, whatever the period later is.
  'streams.set-retention.v1': (state, { id, direction, retentionHours: wantedHours }, arrivalMs) =>
    changeStream(state, id, ['ACTIVE'], (stream) => {
      const { retentionHours } = stream;
      if (direction === 'increase' && wantedHours < retentionHours) {
        return { reason: 'retention-would-fall', wantedHours, retentionHours };
      }
      if (direction === 'decrease' && wantedHours > retentionHours) {
        return { reason: 'retention-would-rise', wantedHours, retentionHours };
      }
      const shorter = { ...stream, retentionHours: Math.min(wantedHours, retentionHours) };
      return { ...stream, retentionHours: wantedHours, trimmedBeforeMs: trimHorizonMs(shorter, arrivalMs) };
    }),
};
