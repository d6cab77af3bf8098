import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import { parseHashKey } from '@millrace/aggregation';
import { plainPutRecordsCommand, putRecordsCommand } from './put-records-command.ts';
import type { EntryAnswer, OpenShard, Transport } from './transport.ts';

/** ListShards has pages of this size. */
const SHARDS_PER_PAGE = 1_000;

/** The largest account has 20,000 shards; an endless list would be a broken service. */
const PAGES_MAX = 1_000;

const answerOf = ({
  ShardId,
  SequenceNumber,
  ErrorCode,
  ErrorMessage,
}: PutRecordsResultEntry): EntryAnswer =>
  ErrorCode === undefined && ShardId !== undefined && SequenceNumber !== undefined
    ? { shardId: ShardId, sequenceNumber: SequenceNumber }
    : { errorCode: ErrorCode ?? 'Unknown', errorMessage: ErrorMessage ?? '' };

const shardsOf = ({ Shards = [] }: ListShardsCommandOutput): OpenShard[] =>
  Shards.map(({ ShardId, HashKeyRange }) => {
    const start = parseHashKey(HashKeyRange?.StartingHashKey ?? '');
    const end = parseHashKey(HashKeyRange?.EndingHashKey ?? '');
    if (ShardId === undefined || start === undefined || end === undefined) {
      throw new Error(`ListShards answered a shard without a range: ${ShardId}`);
    }
    return { shardId: ShardId, start, end };
  });

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

  async putRecords(
    records: Parameters<Transport['putRecords']>[0],
    abortSignal: AbortSignal,
  ): Promise<readonly EntryAnswer[]> {
    const command = (this.#ownsClient ? putRecordsCommand : plainPutRecordsCommand)(
      this.#streamName,
      records,
    );
    const { Records = [] } = await this.#client.send(command, { abortSignal });
    return Records.map(answerOf);
  }

  async listOpenShards(abortSignal: AbortSignal): Promise<readonly OpenShard[]> {
    if (await this.#distributesItself(abortSignal)) return [];
    const shards: OpenShard[] = [];
    let page: ListShardsCommandOutput | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const from =
        page === undefined
          ? { StreamName: this.#streamName, ShardFilter: { Type: 'AT_LATEST' as const } }
          : { NextToken: page.NextToken };
      page = await this.#client.send(new ListShardsCommand({ ...from, MaxResults: SHARDS_PER_PAGE }), {
        abortSignal,
      });
      shards.push(...shardsOf(page));
      if (page.NextToken === undefined) return shards;
    }
    throw new Error(`ListShards has more than ${PAGES_MAX} pages`);
  }

  close(): void {
    if (this.#ownsClient) this.#client.destroy();
  }

  /** Who may not ask has a stream that goes by partition keys: that is the default. */
  async #distributesItself(abortSignal: AbortSignal): Promise<boolean> {
    const command = new DescribeStreamSummaryCommand({ StreamName: this.#streamName });
    const answer = await this.#client.send(command, { abortSignal }).catch(() => undefined);
    return answer?.StreamDescriptionSummary?.RecordDistributionStrategy === 'AUTO';
  }
}
