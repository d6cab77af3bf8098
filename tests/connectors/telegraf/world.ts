import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type _Record as Record,
  type Shard,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { type ClientServer, startClientServer } from '../../clients/client-server.ts';

const POLL_MS = 20;
const DEADLINE_MS = 30_000;

/** A whole second: the agent rounds times to its interval. */
const TIME_NS = '1700000000000000000';

/** Line protocol: the tag is the partition key, the field tells the lines apart. */
export const lineOf = (device: string, value: number): string =>
  `load,device=${device} value=${value}i ${TIME_NS}`;
const deviceOf = (line: string): string => /device=(\S+)/.exec(line)?.[1] ?? '';

/** A server and what the laws do to it through the AWS SDK. */
export class TelegrafWorld {
  readonly server: ClientServer;
  readonly #kinesis: KinesisClient;
  readonly #dynamo: DynamoDBClient;

  private constructor(server: ClientServer) {
    this.server = server;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const options = { endpoint: server.endpoint, region: 'us-east-1', credentials };
    this.#kinesis = new KinesisClient(options);
    this.#dynamo = new DynamoDBClient(options);
  }

  static async start(): Promise<TelegrafWorld> {
    return new TelegrafWorld(await startClientServer());
  }

  async close(): Promise<void> {
    this.#kinesis.destroy();
    this.#dynamo.destroy();
    await this.server.close();
  }

  async #untilActive(stream: string): Promise<void> {
    const waiting = { client: this.#kinesis, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.05 };
    await waitUntilStreamExists(waiting, { StreamName: stream });
  }

  async createStream(stream: string, shardCount: number): Promise<void> {
    await this.#kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: shardCount }));
    await this.#untilActive(stream);
  }

  async put(stream: string, lines: readonly string[]): Promise<void> {
    const records = lines.map((line) => ({ PartitionKey: deviceOf(line), Data: Buffer.from(`${line}\n`) }));
    const answer = await this.#kinesis.send(new PutRecordsCommand({ StreamName: stream, Records: records }));
    assert.equal(answer.FailedRecordCount, 0);
  }

  async shards(stream: string): Promise<readonly Shard[]> {
    const { Shards } = await this.#kinesis.send(new ListShardsCommand({ StreamName: stream }));
    return Shards ?? [];
  }

  async split(stream: string): Promise<void> {
    const [first] = await this.shards(stream);
    const end = BigInt(first?.HashKeyRange?.EndingHashKey ?? 0);
    await this.#kinesis.send(
      new SplitShardCommand({
        StreamName: stream,
        ShardToSplit: first?.ShardId,
        NewStartingHashKey: String(end / 2n),
      }),
    );
    await this.#untilActive(stream);
  }

  /** The last two, which a split has made. */
  async merge(stream: string): Promise<void> {
    const [left, right] = (await this.shards(stream)).slice(-2);
    await this.#kinesis.send(
      new MergeShardsCommand({
        StreamName: stream,
        ShardToMerge: left?.ShardId,
        AdjacentShardToMerge: right?.ShardId,
      }),
    );
    await this.#untilActive(stream);
  }

  async #read(stream: string, shardId: string | undefined): Promise<readonly Record[]> {
    const start = { StreamName: stream, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let iterator = (await this.#kinesis.send(new GetShardIteratorCommand(start))).ShardIterator;
    const records: Record[] = [];
    while (iterator !== undefined) {
      const page = await this.#kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      records.push(...(page.Records ?? []));
      iterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
    }
    return records;
  }

  async readAll(stream: string): Promise<readonly Record[]> {
    const shards = await this.shards(stream);
    return (await Promise.all(shards.map(({ ShardId }) => this.#read(stream, ShardId)))).flat();
  }

  /** A table as Telegraf's documentation asks for it. */
  async createTable(table: string): Promise<void> {
    const keys = [
      { name: 'namespace', type: 'HASH' },
      { name: 'shard_id', type: 'RANGE' },
    ] as const;
    await this.#dynamo.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(({ name }) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: keys.map(({ name, type }) => ({ AttributeName: name, KeyType: type })),
      }),
    );
  }

  file(name: string): string {
    return join(this.server.folder, name);
  }

  /** The lines of a file that Telegraf writes; none while it is not there. */
  async lines(file: string): Promise<readonly string[]> {
    const written = await readFile(file, 'utf8').catch(() => '');
    return written.split('\n').filter((line) => line !== '');
  }

  /** Waits until the file has so many lines. */
  async untilLines(file: string, count: number): Promise<readonly string[]> {
    const endMs = performance.now() + DEADLINE_MS;
    for (;;) {
      const lines = await this.lines(file);
      if (lines.length >= count) return lines;
      assert.ok(performance.now() < endMs, `${lines.length} lines of ${count} within ${DEADLINE_MS} ms`);
      await pause(POLL_MS);
    }
  }
}
