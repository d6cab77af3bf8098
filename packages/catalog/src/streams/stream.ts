import type { Brand, HashKeyRange, Position } from '@millrace/core';

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
  readonly maxRecordBytes: number;
  /** By key, in code unit order. */
  readonly tags: ReadonlyMap<string, string>;
  readonly encryption: { readonly type: 'NONE' };
  readonly recordDistribution: 'USER_PARTITION_KEY';
}
