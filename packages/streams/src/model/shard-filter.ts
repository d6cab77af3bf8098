import type { Shard, Stream } from '@millrace/catalog';
import { trimHorizonMs } from './retention.ts';

/** Which of a stream's shards are asked for. */
export type ShardFilter =
  | { readonly type: 'AT_LATEST' | 'AT_TRIM_HORIZON' | 'FROM_TRIM_HORIZON' }
  | { readonly type: 'AT_TIMESTAMP' | 'FROM_TIMESTAMP'; readonly timestampMs: number }
  | { readonly type: 'AFTER_SHARD_ID'; readonly shardIndex: number };

const closedAtMs = ({ closed }: Shard): number => closed?.atMs ?? Number.POSITIVE_INFINITY;
const openAt = (shard: Shard, ms: number): boolean => shard.createdAtMs <= ms && closedAtMs(shard) >= ms;

const matches = (shard: Shard, filter: ShardFilter, horizonMs: number): boolean => {
  switch (filter.type) {
    case 'AT_LATEST':
      return shard.closed === undefined;
    case 'AT_TRIM_HORIZON':
      return openAt(shard, horizonMs);
    case 'FROM_TRIM_HORIZON':
      return true;
    // A time before the horizon means the horizon: the shards given back must cover the hash key space.
    case 'AT_TIMESTAMP':
      return openAt(shard, Math.max(filter.timestampMs, horizonMs));
    case 'FROM_TIMESTAMP':
      return closedAtMs(shard) >= Math.max(filter.timestampMs, horizonMs);
    case 'AFTER_SHARD_ID':
      return shard.index > filter.shardIndex;
  }
};

/** By index. Shards that were closed before the trim horizon hold nothing any more and are never shown. */
export const filterShards = (stream: Stream, filter: ShardFilter, nowMs: number): Shard[] => {
  if (stream.status === 'CREATING') return [];
  const horizonMs = Math.max(trimHorizonMs(stream, nowMs), stream.createdAtMs);
  return stream.shards.filter((shard) => closedAtMs(shard) >= horizonMs && matches(shard, filter, horizonMs));
};

export const visibleShards = (stream: Stream, nowMs: number): Shard[] =>
  filterShards(stream, { type: 'FROM_TRIM_HORIZON' }, nowMs);
