import {
  type ChildShard,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
  type Shard as SdkShard,
  type ShardFilter,
} from '@aws-sdk/client-kinesis';
import { parseHashKey } from '@millrace/aggregation';
import type { InitialPosition, Shard } from '../shards/shard.ts';
import type { IteratorStart, RecordsAnswer, StoredRecord, Transport } from './transport.ts';

/** ListShards has pages of this size. */
const SHARDS_PER_PAGE = 1_000;

/** The largest account has 20,000 open shards; an endless list would be a broken service. */
const PAGES_MAX = 1_000;

const filterOf = (position: InitialPosition): ShardFilter =>
  position instanceof Date ? { Type: 'AT_TIMESTAMP', Timestamp: position } : { Type: `AT_${position}` };

const iteratorOf = (
  start: IteratorStart,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'> => {
  if (start.kind !== 'initial') {
    const ShardIteratorType = start.kind === 'at' ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER';
    return { ShardIteratorType, StartingSequenceNumber: start.sequenceNumber };
  }
  const { position } = start;
  return position instanceof Date
    ? { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: position }
    : { ShardIteratorType: position };
};

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

const listedShard = ({ ShardId, HashKeyRange, ParentShardId, AdjacentParentShardId }: SdkShard): Shard =>
  shardOf(ShardId, HashKeyRange, [ParentShardId, AdjacentParentShardId]);

const childShard = ({ ShardId, HashKeyRange, ParentShards = [] }: ChildShard): Shard =>
  shardOf(ShardId, HashKeyRange, ParentShards);

/** One stream, through the AWS SDK. */
export class SdkTransport implements Transport {
  readonly #client: KinesisClient;
  readonly #streamName: string;
  readonly #ownsClient: boolean;

  constructor(client: KinesisClient, streamName: string, ownsClient: boolean) {
    this.#client = client;
    this.#streamName = streamName;
    this.#ownsClient = ownsClient;
  }

  async listShards(openAt: InitialPosition | undefined, abortSignal: AbortSignal): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    const ShardFilter = openAt && filterOf(openAt);
    let page: ListShardsCommandOutput | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const from =
        page === undefined ? { StreamName: this.#streamName, ShardFilter } : { NextToken: page.NextToken };
      const command = new ListShardsCommand({ ...from, MaxResults: SHARDS_PER_PAGE });
      page = await this.#client.send(command, { abortSignal });
      shards.push(...(page.Shards ?? []).map(listedShard));
      if (page.NextToken === undefined) return shards;
    }
    throw new Error(`ListShards has more than ${PAGES_MAX} pages`);
  }

  async getIterator(shardId: string, start: IteratorStart, abortSignal: AbortSignal): Promise<string> {
    const command = new GetShardIteratorCommand({
      StreamName: this.#streamName,
      ShardId: shardId,
      ...iteratorOf(start),
    });
    const { ShardIterator } = await this.#client.send(command, { abortSignal });
    if (ShardIterator === undefined) throw new Error(`no iterator for ${shardId}`);
    return ShardIterator;
  }

  async getRecords(iterator: string, Limit: number, abortSignal: AbortSignal): Promise<RecordsAnswer> {
    const command = new GetRecordsCommand({ ShardIterator: iterator, Limit });
    const answer = await this.#client.send(command, { abortSignal });
    const { Records = [], NextShardIterator, MillisBehindLatest = 0, ChildShards = [] } = answer;
    return {
      records: Records.map(
        ({ SequenceNumber = '', PartitionKey = '', Data, ApproximateArrivalTimestamp }): StoredRecord => ({
          sequenceNumber: SequenceNumber,
          partitionKey: PartitionKey,
          data: Data ?? new Uint8Array(),
          arrived: ApproximateArrivalTimestamp ?? new Date(0),
        }),
      ),
      // A service that has no iterator writes null.
      nextIterator: NextShardIterator ?? undefined,
      millisBehindLatest: MillisBehindLatest,
      childShards: ChildShards.map(childShard),
    };
  }

  close(): void {
    if (this.#ownsClient) this.#client.destroy();
  }
}
