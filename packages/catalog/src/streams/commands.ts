import type { CapacityCommand, CapacityRefusal } from './capacity-commands.ts';
import type { ConsumerCommand, ConsumerRefusal } from './consumer-commands.ts';
import type { EncryptionCommand } from './encryption-commands.ts';
import type { MonitoringCommand } from './monitoring-commands.ts';
import type { PolicyCommand, PolicyRefusal } from './policy-commands.ts';
import type { ReshardCommand, ReshardRefusal } from './reshard-commands.ts';
import type { RecordDistribution, StreamId, StreamMode, StreamStatus } from './stream.ts';

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
  /** By partition key when absent. */
  readonly recordDistribution?: RecordDistribution;
  readonly warmThroughputMibps?: number;
  /** Streams that the account may have in the region: on-demand ones, and ones that are CREATING. */
  readonly onDemandMax?: number;
  readonly creatingMax?: number;
}

/** The stream's logs exist: it may be written. */
interface ActivateStream {
  readonly type: 'streams.activate.v1';
  readonly id: StreamId;
}

/** Its consumers go with it, unless that is not wanted: then their being there is a reason to refuse. */
interface MarkDeleting {
  readonly type: 'streams.mark-deleting.v1';
  readonly id: StreamId;
  readonly unlessConsumed?: boolean;
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
  | RemoveTags
  | CapacityCommand
  | ReshardCommand
  | ConsumerCommand
  | MonitoringCommand
  | EncryptionCommand
  | PolicyCommand;

export type StreamsRefusal =
  | { readonly reason: 'stream-exists' }
  | { readonly reason: 'no-such-stream' }
  | { readonly reason: 'wrong-status'; readonly status: StreamStatus }
  | { readonly reason: 'too-many-tags' }
  | { readonly reason: 'has-consumers' }
  | CapacityRefusal
  | ReshardRefusal
  | ConsumerRefusal
  | PolicyRefusal
  | {
      readonly reason: 'too-many-shards';
      readonly openShardCount: number;
      readonly shardCount: number;
      readonly shardsMax: number;
    };
