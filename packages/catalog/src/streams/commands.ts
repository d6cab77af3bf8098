import type { StreamId, StreamMode, StreamStatus } from './stream.ts';

type Tags = readonly (readonly [key: string, value: string])[];

interface CreateStream {
  readonly type: 'streams.create.v1';
  readonly id: StreamId;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly mode: StreamMode;
  readonly shardCount: number;
  /** Open shards that the account may have in the region, this stream's included. */
  readonly shardsMax: number;
  readonly retentionHours: number;
  readonly maxRecordBytes: number;
  readonly tags: Tags;
}

/** The stream's logs exist: it may be written. */
interface ActivateStream {
  readonly type: 'streams.activate.v1';
  readonly id: StreamId;
}

interface MarkDeleting {
  readonly type: 'streams.mark-deleting.v1';
  readonly id: StreamId;
}

/** The stream's logs are gone: its name is free again. */
interface ForgetStream {
  readonly type: 'streams.forget.v1';
  readonly id: StreamId;
}

interface SetTags {
  readonly type: 'streams.set-tags.v1';
  readonly id: StreamId;
  readonly tags: Tags;
}

/** Keys that the stream does not have are passed over. */
interface RemoveTags {
  readonly type: 'streams.remove-tags.v1';
  readonly id: StreamId;
  readonly keys: readonly string[];
}

export type StreamsCommand =
  | CreateStream
  | ActivateStream
  | MarkDeleting
  | ForgetStream
  | SetTags
  | RemoveTags;

export type StreamsRefusal =
  | { readonly reason: 'stream-exists' }
  | { readonly reason: 'no-such-stream' }
  | { readonly reason: 'wrong-status'; readonly status: StreamStatus }
  | { readonly reason: 'too-many-tags' }
  | {
      readonly reason: 'too-many-shards';
      readonly openShardCount: number;
      readonly shardCount: number;
      readonly shardsMax: number;
    };
