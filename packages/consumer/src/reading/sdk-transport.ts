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
import { getRecordsCommand } from './get-records-command.ts';
import { listedShard, positionFrom, recordsAnswer, storedRecord } from './sdk-answers.ts';
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

export interface SdkClients {
  readonly client: KinesisClient;
  /** AWS takes subscriptions over HTTP/2 alone: unless it is the same client, this one speaks it. */
  readonly subscriber: KinesisClient;
  /** Nobody else looks at what they send and get. */
  readonly isOwn: boolean;
}

/** One stream, through the AWS SDK. */
export class SdkTransport implements Transport {
  readonly #client: KinesisClient;
  readonly #stream: SdkStream;
  readonly #subscriber: KinesisClient;
  readonly #isOwn: boolean;

  constructor({ client, subscriber, isOwn }: SdkClients, stream: SdkStream) {
    this.#client = client;
    this.#stream = stream;
    this.#subscriber = subscriber;
    this.#isOwn = isOwn;
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

  async getRecords(ShardIterator: string, Limit: number, abortSignal: AbortSignal): Promise<RecordsAnswer> {
    const arn = 'StreamARN' in this.#stream ? this.#stream : {};
    const input = { ...arn, ShardIterator, Limit };
    if (!this.#isOwn)
      return recordsAnswer(
        await this.#client.send(new GetRecordsCommand(input), { abortSignal }),
        storedRecord,
      );
    const { command, answer } = getRecordsCommand(input);
    const output = await this.#client.send(command, { abortSignal });
    return answer() ?? recordsAnswer(output, storedRecord);
  }

  registerConsumer(name: string, signal: AbortSignal): Promise<StreamConsumerState> {
    return registeredConsumer(this.#client, this.#stream, name, signal);
  }

  describeConsumer(consumerArn: string, signal: AbortSignal): Promise<StreamConsumerState> {
    return describedConsumer(this.#client, { ConsumerARN: consumerArn }, signal);
  }

  subscribe(request: SubscribeRequest, signal: AbortSignal): AsyncIterable<RecordsEvent> {
    return sdkSubscription(this.#subscriber, request, this.#isOwn, signal);
  }

  /** The clients are shared by streams; who made them ends them. */
  close(): void {}
}
