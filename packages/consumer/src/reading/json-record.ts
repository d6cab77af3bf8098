import type { StoredRecord } from './transport.ts';

/** A record in AWS's JSON. */
export interface JsonRecord {
  readonly SequenceNumber: string;
  /** Absent where records are put without one. */
  readonly PartitionKey?: string | null;
  /** Base64. */
  readonly Data: string;
  /** Seconds since the epoch, with a fraction. */
  readonly ApproximateArrivalTimestamp?: number | null;
}

export const jsonRecord = (record: JsonRecord): StoredRecord => ({
  sequenceNumber: record.SequenceNumber,
  partitionKey: record.PartitionKey ?? '',
  data: Buffer.from(record.Data, 'base64'),
  arrived: new Date(Math.round((record.ApproximateArrivalTimestamp ?? 0) * 1_000)),
});
