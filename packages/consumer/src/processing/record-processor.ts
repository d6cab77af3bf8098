import type { Checkpoint } from '../leases/checkpoint.ts';
import type { PendingCheckpoint } from '../leases/lease.ts';
import type { ConsumedRecord } from '../reading/user-record.ts';
import type { StreamIdentity } from '../shards/stream-id.ts';
import type { Checkpointer } from './checkpointer.ts';

export interface Beginning {
  readonly streamName: string;
  readonly shardId: string;
  /** Records behind it follow; one of the words, such as TRIM_HORIZON, where nothing was done yet. */
  readonly checkpoint: Checkpoint;
  /** What was prepared and not finished by whoever had the shard before. */
  readonly pending: PendingCheckpoint | undefined;
}

export interface RecordBatch {
  readonly records: readonly ConsumedRecord[];
  /** How far the last record read lies behind the end of the shard. */
  readonly millisBehindLatest: number;
  readonly checkpointer: Checkpointer;
  /** Comes when the shard belongs to another worker, or is to be handed over: the rest may be left. */
  readonly signal: AbortSignal;
}

/** Makes the processor of a shard. The stream's id is undefined where an application reads one stream. */
export type ProcessorFactory = (shardId: string, stream: StreamIdentity) => RecordProcessor;

/**
 * An application's work on one shard; each lease gets one of its own. The methods are called one after another:
 * `initialize`, then `processRecords` any number of times, then one of the other three.
 */
export interface RecordProcessor {
  initialize?(beginning: Beginning): Promise<void> | void;
  processRecords(batch: RecordBatch): Promise<void> | void;
  /** Another worker has the shard: nothing can be checkpointed. Also called after this processor has failed. */
  leaseLost?(): Promise<void> | void;
  /** The shard was read to its end. Has to checkpoint, or the end is read again. */
  shardEnded(checkpointer: Checkpointer): Promise<void> | void;
  /** This worker stops, or hands the shard over. The last occasion to checkpoint. */
  shutdownRequested?(checkpointer: Checkpointer): Promise<void> | void;
}
