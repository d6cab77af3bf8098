import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
  type ShardFilter,
} from '@aws-sdk/client-kinesis';
import type { SdkStream } from '../shards/sdk-streams.ts';
import type { InitialPosition, Shard } from '../shards/shard.ts';
import { childShard, listedShard, positionFrom, storedRecord } from './sdk-answers.ts';
import { describedConsumer, registeredConsumer } from './sdk-stream-consumer.ts';
import { sdkSubscription } from './sdk-subscription.ts';
import type {
  IteratorStart,
  RecordsAnswer,
  RecordsEvent,
  StreamConsumerState,
  SubscribeRequest,
  Transport,
} from './transport.ts';

/** ListShards has pages of this size. */
const SHARDS_PER_PAGE = 1_000;

/** The largest account has 20,000 open shards; an endless list would be a broken service. */
const PAGES_MAX = 1_000;

const filterOf = (position: InitialPosition): ShardFilter =>
  position instanceof Date ? { Type: 'AT_TIMESTAMP', Timestamp: position } : { Type: `AT_${position}` };

/** One stream, through the AWS SDK. */
export class SdkTransport implements Transport {
  readonly #client: KinesisClient;
  readonly #stream: SdkStream;
  readonly #subscriber: KinesisClient;

  /** AWS takes subscriptions over HTTP/2 alone: `subscriber`, unless given the same client, speaks it. */
  constructor(client: KinesisClient, stream: SdkStream, subscriber = client) {
    this.#client = client;
    this.#stream = stream;
    this.#subscriber = subscriber;
  }

  async listShards(openAt: InitialPosition | undefined, abortSignal: AbortSignal): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    const ShardFilter = openAt && filterOf(openAt);
    let page: ListShardsCommandOutput | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const from = page === undefined ? { ...this.#stream, ShardFilter } : { NextToken: page.NextToken };
      const command = new ListShardsCommand({ ...from, MaxResults: SHARDS_PER_PAGE });
      page = await this.#client.send(command, { abortSignal });
      shards.push(...(page.Shards ?? []).map(listedShard));
      if (page.NextToken === undefined) return shards;
    }
    throw new Error(`ListShards has more than ${PAGES_MAX} pages`);
  }

  async getIterator(shardId: string, start: IteratorStart, abortSignal: AbortSignal): Promise<string> {
    const {
      Type: ShardIteratorType,
      SequenceNumber: StartingSequenceNumber,
      Timestamp,
    } = positionFrom(start);
    const command = new GetShardIteratorCommand({
      ...this.#stream,
      ShardId: shardId,
      ShardIteratorType,
      StartingSequenceNumber,
      Timestamp,
    });
    const { ShardIterator } = await this.#client.send(command, { abortSignal });
    if (ShardIterator === undefined) throw new Error(`no iterator for ${shardId}`);
    return ShardIterator;
  }

  async getRecords(iterator: string, Limit: number, abortSignal: AbortSignal): Promise<RecordsAnswer> {
    const arn = 'StreamARN' in this.#stream ? this.#stream : {};
    const command = new GetRecordsCommand({ ...arn, ShardIterator: iterator, Limit });
    const answer = await this.#client.send(command, { abortSignal });
    const { Records = [], NextShardIterator, MillisBehindLatest = 0, ChildShards = [] } = answer;
    return {
      records: Records.map(storedRecord),
      // A service that has no iterator writes null.
      nextIterator: NextShardIterator ?? undefined,
      millisBehindLatest: MillisBehindLatest,
      childShards: ChildShards.map(childShard),
    };
  }

  registerConsumer(name: string, signal: AbortSignal): Promise<StreamConsumerState> {
    return registeredConsumer(this.#client, this.#stream, name, signal);
  }

  describeConsumer(consumerArn: string, signal: AbortSignal): Promise<StreamConsumerState> {
    return describedConsumer(this.#client, { ConsumerARN: consumerArn }, signal);
  }

  subscribe(request: SubscribeRequest, signal: AbortSignal): AsyncIterable<RecordsEvent> {
    return sdkSubscription(this.#subscriber, request, signal);
  }

  /** The clients are shared by streams; who made them ends them. */
  close(): void {}
}
