import type {
  ChildShard,
  GetShardIteratorCommandInput,
  _Record as SdkRecord,
  Shard as SdkShard,
  ShardIteratorType,
} from '@aws-sdk/client-kinesis';
import { parseHashKey } from '@millrace/aggregation';
import type { Shard } from '../shards/shard.ts';
import type { IteratorStart, RecordsAnswer, RecordsEvent, StoredRecord } from './transport.ts';

export interface SdkPosition {
  readonly Type: ShardIteratorType;
  readonly SequenceNumber?: GetShardIteratorCommandInput['StartingSequenceNumber'];
  readonly Timestamp?: Date;
}

export const positionFrom = (start: IteratorStart): SdkPosition => {
  if (start.kind !== 'initial') {
    const Type = start.kind === 'at' ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER';
    return { Type, SequenceNumber: start.sequenceNumber };
  }
  const { position } = start;
  return position instanceof Date ? { Type: 'AT_TIMESTAMP', Timestamp: position } : { Type: position };
};

export const storedRecord = (record: SdkRecord): StoredRecord => ({
  sequenceNumber: record.SequenceNumber ?? '',
  partitionKey: record.PartitionKey ?? '',
  data: record.Data ?? new Uint8Array(),
  arrived: record.ApproximateArrivalTimestamp ?? new Date(0),
});

const shardOf = (
  shardId: string | undefined,
  HashKeyRange: SdkShard['HashKeyRange'],
  parents: readonly (string | undefined)[],
): Shard => {
  const start = parseHashKey(HashKeyRange?.StartingHashKey ?? '');
  const end = parseHashKey(HashKeyRange?.EndingHashKey ?? '');
  if (shardId === undefined || start === undefined || end === undefined) {
    throw new Error(`the service answered a shard without a range: ${shardId}`);
  }
  const parentShardIds = parents.filter((parent) => parent !== undefined);
  return { shardId, parentShardIds, range: { start, end } };
};

export const listedShard = ({
  ShardId,
  HashKeyRange,
  ParentShardId,
  AdjacentParentShardId,
}: SdkShard): Shard => shardOf(ShardId, HashKeyRange, [ParentShardId, AdjacentParentShardId]);

const childShard = ({ ShardId, HashKeyRange, ParentShards = [] }: ChildShard): Shard =>
  shardOf(ShardId, HashKeyRange, ParentShards);

/** What an answer of GetRecords and an event of SubscribeToShard have in common. A service that has none writes null. */
export interface AwsReading<Stored> {
  readonly Records?: readonly Stored[] | null | undefined;
  readonly MillisBehindLatest?: number | null | undefined;
  readonly ChildShards?: readonly ChildShard[] | null | undefined;
}

export interface AwsAnswer<Stored> extends AwsReading<Stored> {
  readonly NextShardIterator?: string | null | undefined;
}

export interface AwsEvent<Stored> extends AwsReading<Stored> {
  readonly ContinuationSequenceNumber?: string | null | undefined;
}

const reading = <Stored>(
  { Records, MillisBehindLatest, ChildShards }: AwsReading<Stored>,
  stored: (record: Stored) => StoredRecord,
) => ({
  records: (Records ?? []).map(stored),
  millisBehindLatest: MillisBehindLatest ?? 0,
  childShards: (ChildShards ?? []).map(childShard),
});

export const recordsAnswer = <Stored>(
  answer: AwsAnswer<Stored>,
  stored: (record: Stored) => StoredRecord,
): RecordsAnswer => ({ ...reading(answer, stored), nextIterator: answer.NextShardIterator ?? undefined });

export const recordsEvent = <Stored>(
  event: AwsEvent<Stored>,
  stored: (record: Stored) => StoredRecord,
): RecordsEvent => ({
  ...reading(event, stored),
  continuation: event.ContinuationSequenceNumber ?? undefined,
});
