import type { HashKeyRange, UserRecord } from '@millrace/aggregation';

/** What the service says of one record of a request. */
export type EntryAnswer =
  | { readonly shardId: string; readonly sequenceNumber: string }
  | { readonly errorCode: string; readonly errorMessage: string };

/** One request, as its records see it. */
export interface Sent {
  readonly startedMs: number;
  readonly endedMs: number;
  /** Records in it. */
  readonly count: number;
}

export interface OpenShard extends HashKeyRange {
  readonly shardId: string;
}

/** The service, seen from a producer of one stream. Nothing here retries: the producer does. */
export interface Transport {
  /**
   * PutRecords. The answers stand in the order of the records. Rejects with an error whose name is the service's
   * code, or what the network had to say; then nothing is known of any record.
   */
  putRecords(records: readonly UserRecord[], signal: AbortSignal): Promise<readonly EntryAnswer[]>;
  /**
   * ListShards, all pages of it: the shards that can be written to. None when the stream distributes its records
   * itself (`RecordDistributionStrategy: AUTO`): then nobody knows into which shard a record falls.
   */
  listOpenShards(signal: AbortSignal): Promise<readonly OpenShard[]>;
  /** Ends what it keeps open. */
  close(): void;
}
