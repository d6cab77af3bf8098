import type { Brand, HashKeyRange, Position } from '@millrace/core';
import type { Consumer } from './consumer.ts';
import type { Encryption, StreamDataKey } from './encryption.ts';
import type { Resharding } from './resharding.ts';
import type { WritePeak } from './write-peaks.ts';

/** Names a stream for ever, unlike its name, which a later stream may take: 16 hex digits. */
export type StreamId = Brand<string, 'StreamId'>;

const STREAM_ID_FORM = /^[0-9a-f]{16}$/;

export const streamIdOf = (text: string): StreamId => {
  if (!STREAM_ID_FORM.test(text)) throw new Error(`not a stream id: '${text}'`);
  return text as StreamId;
};

/** Tags of one stream (API model). */
export const TAGS_MAX = 50;

/** CREATING → ACTIVE ⇄ UPDATING; CREATING or ACTIVE → DELETING → gone. */
export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';
/** AUTO: records go round the open shards, whatever their keys; for on-demand streams. */
export type RecordDistribution = 'USER_PARTITION_KEY' | 'AUTO';

export interface Shard {
  /** Counted from 0 in its stream, never used twice. */
  readonly index: number;
  readonly range: HashKeyRange;
  readonly createdAtMs: number;
  /** Indexes: none for a first shard, one after a split, two after a merge (the lower range first). */
  readonly parents: readonly number[];
  /** Present once the shard is closed; `end` is the position after its last record. */
  readonly closed?: { readonly atMs: number; readonly end: Position };
}

export interface Stream {
  readonly id: StreamId;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: StreamStatus;
  readonly createdAtMs: number;
  readonly mode: StreamMode;
  /** By index. The same array for as long as no shard changes, so that what is derived from it can be kept. */
  readonly shards: readonly Shard[];
  readonly retentionHours: number;
  /** Set with the retention period: a longer one does not bring back what had expired. */
  readonly trimmedBeforeMs?: number;
  /** Only while UPDATING for new shards. */
  readonly resharding?: Resharding;
  readonly maxRecordBytes: number;
  /** By key, in code unit order. */
  readonly tags: ReadonlyMap<string, string>;
  readonly encryption: Encryption;
  /** Those that records within the retention period may be encrypted with, the oldest first. */
  readonly dataKeys?: readonly StreamDataKey[];
  readonly recordDistribution: RecordDistribution;
  /** Write throughput that an on-demand stream is to have at once; absent where nobody asked for it. */
  readonly warmThroughputMibps?: number;
  /** What on-demand scaling goes by, the oldest day first. */
  readonly writePeaks?: readonly WritePeak[];
  /** Metrics that are kept for each shard too, by AWS's names, in code unit order; absent for none. */
  readonly shardMetrics?: readonly string[];
  /** By name, in code unit order. */
  readonly consumers: readonly Consumer[];
  /** The text of its resource policy, as it was given. */
  readonly policy?: string;
}
