import type { Position } from '@millrace/core';
import type { StreamId, StreamMode } from './stream.ts';

interface Reshard {
  readonly id: StreamId;
  /** The mode that the stream must be in for this: callers re-shard provisioned streams, we the others. */
  readonly mode: StreamMode;
}

interface SplitShard extends Reshard {
  readonly type: 'streams.split-shard.v1';
  readonly shard: number;
  /** Where the upper child starts, in decimal digits. */
  readonly newStartingHashKey: string;
  /** Open shards that the account may have in the region. */
  readonly shardsMax: number;
}

interface MergeShards extends Reshard {
  readonly type: 'streams.merge-shards.v1';
  /** The lower range first. */
  readonly shards: readonly [number, number];
}

/** Splits and merges until the stream has so many even shards. */
interface ScaleShards extends Reshard {
  readonly type: 'streams.scale-shards.v1';
  readonly shardCount: number;
  readonly shardsMax: number;
}

/** Every writer has left the closing shards: these are their ends. Their children take over. */
interface CloseShards {
  readonly type: 'streams.close-shards.v1';
  readonly id: StreamId;
  readonly ends: readonly (readonly [shard: number, end: Position])[];
  /** The stream does not become ACTIVE yet when all is done: that takes `streams.finish-update.v1`. */
  readonly staysUpdating?: boolean;
}

/** Those of the shards whose records have all expired are forgotten; their logs may be removed. */
interface ForgetShards {
  readonly type: 'streams.forget-shards.v1';
  readonly id: StreamId;
  readonly shards: readonly number[];
}

interface SetRetention {
  readonly type: 'streams.set-retention.v1';
  readonly id: StreamId;
  readonly direction: 'increase' | 'decrease';
  readonly retentionHours: number;
}

export type ReshardCommand =
  | SplitShard
  | MergeShards
  | ScaleShards
  | CloseShards
  | ForgetShards
  | SetRetention;

export type ReshardRefusal =
  | { readonly reason: 'wrong-mode'; readonly mode: StreamMode }
  | { readonly reason: 'no-such-shard' | 'shard-closed'; readonly shard: number }
  | { readonly reason: 'not-adjacent'; readonly shards: readonly [number, number] }
  | {
      readonly reason: 'split-outside';
      readonly shard: number;
      readonly hashKey: string;
      readonly start: string;
      readonly end: string;
    }
  | { readonly reason: 'not-closing' }
  | {
      readonly reason: 'retention-would-fall' | 'retention-would-rise';
      readonly wantedHours: number;
      readonly retentionHours: number;
    };
