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

/** The stream, seen from a consumer. Nothing here retries: the consumer does. */
export interface Transport {
  /** All shards that the stream has, or those that were open at a position. */
  listShards(openAt: InitialPosition | undefined, signal: AbortSignal): Promise<readonly Shard[]>;
  getIterator(shardId: string, start: IteratorStart, signal: AbortSignal): Promise<string>;
  /** Rejects with an error whose name is the service's code, or what the network had to say. */
  getRecords(iterator: string, recordsMax: number, signal: AbortSignal): Promise<RecordsAnswer>;
  /** Ends what it keeps open. */
  close(): void;
}
