/** What an application puts: one of many in an aggregated record, or a record of its own. */
export interface UserRecord {
  readonly partitionKey: string;
  /** Decimal text, 0 … 2^128-1: places the record instead of its partition key. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}
