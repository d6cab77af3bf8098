import { childShard } from './sdk-answers.ts';
import type { RecordsAnswer, RecordsEvent, StoredRecord } from './transport.ts';

interface JsonRecord {
  readonly SequenceNumber: string;
  /** Absent where records are put without one. */
  readonly PartitionKey?: string | null;
  /** Base64. */
  readonly Data: string;
  /** Seconds since the epoch, with a fraction. */
  readonly ApproximateArrivalTimestamp?: number | null;
}

/** What GetRecords' answer and SubscribeToShard's events have in common, in AWS's JSON. */
interface JsonReading {
  readonly Records?: readonly JsonRecord[] | null;
  readonly MillisBehindLatest?: number | null;
  readonly ChildShards?: readonly Parameters<typeof childShard>[0][] | null;
}

export interface JsonAnswer extends JsonReading {
  readonly NextShardIterator?: string | null;
}

export interface JsonEvent extends JsonReading {
  readonly ContinuationSequenceNumber?: string | null;
}

const storedRecord = (record: JsonRecord): StoredRecord => ({
  sequenceNumber: record.SequenceNumber,
  partitionKey: record.PartitionKey ?? '',
  data: Buffer.from(record.Data, 'base64'),
  arrived: new Date(Math.round((record.ApproximateArrivalTimestamp ?? 0) * 1_000)),
});

const reading = (json: JsonReading) => ({
  records: (json.Records ?? []).map(storedRecord),
  millisBehindLatest: json.MillisBehindLatest ?? 0,
  childShards: (json.ChildShards ?? []).map(childShard),
});

export const answerFromJson = (json: JsonAnswer): RecordsAnswer => ({
  ...reading(json),
  nextIterator: json.NextShardIterator ?? undefined,
});

export const eventFromJson = (json: JsonEvent): RecordsEvent => ({
  ...reading(json),
  continuation: json.ContinuationSequenceNumber ?? undefined,
});
