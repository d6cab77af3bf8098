import type { Checkpoint } from '../leases/checkpoint.ts';
import type { InitialPosition, Shard } from '../shards/shard.ts';

/** Where an iterator begins. */
export type IteratorStart =
  | { readonly kind: 'at' | 'after'; readonly sequenceNumber: Checkpoint['sequenceNumber'] }
  | { readonly kind: 'initial'; readonly position: InitialPosition };

/** A record as the stream has it, an aggregate perhaps. */
export interface StoredRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrived: Date;
}

export interface RecordsAnswer {
  readonly records: readonly StoredRecord[];
  /** Undefined at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  readonly millisBehindLatest: number;
  /** At the end of a closed shard. */
  readonly childShards: readonly Shard[];
}

/** Whom the stream knows as a reader with a line of its own to every shard. */
export interface StreamConsumerState {
  readonly consumerArn: string;
  /** CREATING, ACTIVE, the only one that may subscribe, or DELETING. */
  readonly status: string;
}

export interface SubscribeRequest {
  readonly consumerArn: string;
  readonly shardId: string;
  readonly start: IteratorStart;
}

/** What the service pushes: some records, or none every few seconds. */
export interface RecordsEvent {
  readonly records: readonly StoredRecord[];
  /** Behind it a later subscription goes on; undefined at the end of a closed shard. */
  readonly continuation: string | undefined;
  readonly millisBehindLatest: number;
  /** At the end of a closed shard. */
  readonly childShards: readonly Shard[];
}

/** The stream, seen from a consumer. Nothing here retries: the consumer does. */
export interface Transport {
  /** All shards that the stream has, or those that were open at a position. */
  listShards(openAt: InitialPosition | undefined, signal: AbortSignal): Promise<readonly Shard[]>;
  getIterator(shardId: string, start: IteratorStart, signal: AbortSignal): Promise<string>;
  /** Rejects with an error whose name is the service's code, or what the network had to say. */
  getRecords(iterator: string, recordsMax: number, signal: AbortSignal): Promise<RecordsAnswer>;
  /** The stream's consumer of this name, which is registered if it is not there. */
  registerConsumer(name: string, signal: AbortSignal): Promise<StreamConsumerState>;
  describeConsumer(consumerArn: string, signal: AbortSignal): Promise<StreamConsumerState>;
  /**
   * Asks at the first event, and reads no further than events are asked for. The events end without an error when
   * the subscription's time is up. With the signal it closes at once, and what is being waited for rejects.
   */
  subscribe(request: SubscribeRequest, signal: AbortSignal): AsyncIterable<RecordsEvent>;
  /** Ends what it keeps open. */
  close(): void;
}
