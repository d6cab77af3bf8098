import { findShard, type Shard, type Stream, type StreamId, streamIdOf } from '@millrace/catalog';
import type { LogId } from '@millrace/log';
import { logIdOf } from '@millrace/log';

/** The log that holds a shard's records. */
export const shardLogOf = (stream: StreamId, shard: Pick<Shard, 'index'>): LogId =>
  logIdOf(`${stream}-${shard.index}`);

const SHARD_LOG_FORM = /^([0-9a-f]{16})-(\d+)$/;

/** Whose shard a log belongs to; undefined for a log that is no shard's. */
export const ownerOf = (
  log: LogId,
): { readonly stream: StreamId; readonly shardIndex: number } | undefined => {
  const [, stream, index] = SHARD_LOG_FORM.exec(log) ?? [];
  return stream === undefined ? undefined : { stream: streamIdOf(stream), shardIndex: Number(index) };
};

/** The shard as clients may see it: before its stream is ready there is none. */
export const visibleShard = (stream: Stream, index: number): Shard | undefined =>
  stream.status === 'CREATING' ? undefined : findShard(stream, index);
