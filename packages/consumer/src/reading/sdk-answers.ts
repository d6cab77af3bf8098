import type {
  ChildShard,
  GetRecordsCommandOutput,
  GetShardIteratorCommandInput,
  _Record as SdkRecord,
  Shard as SdkShard,
  ShardIteratorType,
} from '@aws-sdk/client-kinesis';
import { parseHashKey } from '@millrace/aggregation';
import type { Shard } from '../shards/shard.ts';
import type { IteratorStart, RecordsAnswer, StoredRecord } from './transport.ts';

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

export const childShard = ({ ShardId, HashKeyRange, ParentShards = [] }: ChildShard): Shard =>
  shardOf(ShardId, HashKeyRange, ParentShards);

export const recordsAnswer = (output: GetRecordsCommandOutput): RecordsAnswer => {
  const { Records = [], NextShardIterator, MillisBehindLatest = 0, ChildShards = [] } = output;
  return {
    records: Records.map(storedRecord),
    // A service that has no iterator writes null.
    nextIterator: NextShardIterator ?? undefined,
    millisBehindLatest: MillisBehindLatest,
    childShards: ChildShards.map(childShard),
  };
};
