import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { AggregateBuilder } from '@millrace/aggregation';
import { type Millrace, start } from '@millrace/server';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { poll } from '../support/poll.ts';
import { DaemonProcess } from './daemon-process.ts';

/** One of Amazon's libraries, with a processor of ours around it. */
export interface Language {
  readonly name: string;
  /** As the properties have it. */
  readonly executable: string;
  /** Where the processor finds the library. */
  readonly environment: NodeJS.ProcessEnv;
  readonly properties: string;
}

const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
/** Of each daemon's log. */
const LAST_LINES = 5;

/** A server and the daemons on it. */
export class World {
  readonly #server: Millrace;
  readonly #folder: string;
  readonly #daemons: DaemonProcess[] = [];
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly cloudWatch: CloudWatchClient;

  private constructor(server: Millrace, folder: string) {
    const { endpoint } = server;
    this.#server = server;
    this.#folder = folder;
    const address = { endpoint, region: 'us-east-1', credentials };
    this.kinesis = new KinesisClient({ ...address, requestHandler: new NodeHttpHandler() });
    this.dynamodb = new DynamoDBClient(address);
    this.cloudWatch = new CloudWatchClient(address);
  }

  static async start(): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-kcl-daemon-'));
    return new World(await start({ dataDir: ':memory:', port: 0 }), folder);
  }

  async close(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.end('SIGKILL')));
    this.kinesis.destroy();
    this.dynamodb.destroy();
    this.cloudWatch.destroy();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What a failure may be understood by. */
  get lastWords(): string {
    return this.#daemons.flatMap(({ log }) => log.slice(-LAST_LINES)).join('\n');
  }

  async stream(StreamName: string, ShardCount = 2): Promise<void> {
    await this.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
    await this.isActive(StreamName);
  }

  isActive(StreamName: string): Promise<void> {
    return poll('the stream', async () => {
      const summary = await this.kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      return summary.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    });
  }

  async tables(): Promise<readonly string[]> {
    return (await this.dynamodb.send(new ListTablesCommand())).TableNames ?? [];
  }

  /** Names of those that were sent of an application. */
  async metrics(application: string): Promise<readonly string[]> {
    const { Metrics = [] } = await this.cloudWatch.send(new ListMetricsCommand({ Namespace: application }));
    return Metrics.map(({ MetricName = '' }) => MetricName);
  }

  /** In the order of their hash keys. */
  async openShards(StreamName: string): Promise<Shard[]> {
    const command = new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } });
    const { Shards = [] } = await this.kinesis.send(command);
    const startOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? 0);
    return Shards.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  }

  /** Into the shard with this explicit hash key; several are put as one aggregate. */
  async put(StreamName: string, hashKey: bigint, ...texts: string[]): Promise<void> {
    const builder = new AggregateBuilder();
    const explicitHashKey = String(hashKey);
    for (const text of texts) {
      builder.add({ partitionKey: `key of ${text}`, explicitHashKey, data: Buffer.from(text) });
    }
    const { partitionKey, data } = builder.build();
    await this.kinesis.send(
      new PutRecordCommand({
        StreamName,
        PartitionKey: partitionKey,
        ExplicitHashKey: explicitHashKey,
        Data: data,
      }),
    );
  }

  /** A daemon of the application that is named as the stream. */
  async daemon(
    { executable, environment, properties }: Omit<Language, 'name'>,
    streamName: string,
    extra: NodeJS.ProcessEnv = {},
  ): Promise<DaemonProcess> {
    const { endpoint } = this.#server;
    const path = join(this.#folder, `${streamName}.properties`);
    const lines = [
      `executableName = ${executable}`,
      `streamName = ${streamName}`,
      `applicationName = ${streamName}`,
      'AwsCredentialsProvider = KclStaticCredentialsProvider|any|any',
      'initialPositionInStream = TRIM_HORIZON',
      'regionName = us-east-1',
      `kinesisEndpoint = ${endpoint}`,
      `dynamoDBEndpoint = ${endpoint}`,
      `cloudWatchClient.endpointOverride = ${endpoint}`,
      'failoverTimeMillis = 1000',
      'parentShardPollIntervalMillis = 100',
      'workerMetricsReporterFreqInMillis = 1000',
      properties,
    ];
    await writeFile(path, lines.join('\n'));
    const daemon = new DaemonProcess(['--properties', path], { ...environment, ...extra });
    this.#daemons.push(daemon);
    return daemon;
  }
}
