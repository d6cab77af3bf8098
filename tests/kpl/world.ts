import assert from 'node:assert/strict';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import {
  type Deaggregation,
  deaggregate,
  type HashKeyRange,
  parseHashKey,
  type UserRecord,
} from '@millrace/aggregation';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type ClientServer, startClientServer } from '../clients/client-server.ts';
import { KplDriver } from './driver.ts';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const POLL_MS = 20;
const DEADLINE_MS = 40_000;

/** Asks until the answer is there. */
export const poll = async <Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
): Promise<Answer> => {
  const endMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert(performance.now() < endMs, `${what} takes too long`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

/** A record as it lies in a shard. */
export interface Carrier extends UserRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly range: HashKeyRange;
}

export const opened = (carrier: Carrier): Deaggregation => deaggregate(carrier, { range: carrier.range });

const rangeOf = ({ HashKeyRange: range }: Shard): HashKeyRange => {
  const start = parseHashKey(range?.StartingHashKey ?? '');
  const end = parseHashKey(range?.EndingHashKey ?? '');
  assert(start !== undefined && end !== undefined);
  return { start, end };
};

/** One server, one JVM, and producers in it that are opened once. */
export class KplWorld {
  readonly server: ClientServer;
  readonly kinesis: KinesisClient;
  readonly driver: KplDriver;

  private constructor(server: ClientServer, classPath: string) {
    this.server = server;
    this.kinesis = new KinesisClient({ ...this.address, requestHandler: new NodeHttpHandler() });
    this.driver = new KplDriver({
      classPath,
      folder: server.folder,
      flags: ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
    });
  }

  static async start(classPath: string): Promise<KplWorld> {
    return new KplWorld(await startClientServer(), classPath);
  }

  get address() {
    return { endpoint: this.server.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  }

  /** The library's settings that lead to the server; who is trusted is not said. */
  get settings(): Readonly<Record<string, string | number | boolean>> {
    const { port } = new URL(this.server.endpoint);
    return {
      Region: 'us-east-1',
      KinesisEndpoint: 'localhost',
      KinesisPort: port,
      CloudwatchEndpoint: 'localhost',
      CloudwatchPort: port,
      TempDirectory: this.server.folder,
    };
  }

  async createStream(StreamName: string, ShardCount: number): Promise<void> {
    await this.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
    await this.untilActive(StreamName);
  }

  async untilActive(StreamName: string): Promise<void> {
    await poll(`${StreamName} to be active`, async () => {
      const { StreamDescriptionSummary: summary } = await this.kinesis.send(
        new DescribeStreamSummaryCommand({ StreamName }),
      );
      return summary?.StreamStatus === 'ACTIVE' ? summary : undefined;
    });
  }

  /** Of all shards, closed ones too, each in its order. */
  async carriers(StreamName: string): Promise<Carrier[]> {
    const { Shards = [] } = await this.kinesis.send(new ListShardsCommand({ StreamName }));
    const carriers: Carrier[] = [];
    for (const shard of Shards) carriers.push(...(await this.#carriersOf(StreamName, shard)));
    return carriers;
  }

  async close(): Promise<void> {
    await this.driver.close();
    this.kinesis.destroy();
    await this.server.close();
  }

  async #carriersOf(StreamName: string, shard: Shard): Promise<Carrier[]> {
    const { ShardId: shardId = '' } = shard;
    const range = rangeOf(shard);
    const carriers: Carrier[] = [];
    const from = { StreamName, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await this.kinesis.send(new GetShardIteratorCommand(from));
    while (ShardIterator !== undefined) {
      const page = await this.kinesis.send(new GetRecordsCommand({ ShardIterator }));
      for (const { PartitionKey = '', Data = new Uint8Array(), SequenceNumber = '' } of page.Records ?? []) {
        carriers.push({
          shardId,
          range,
          sequenceNumber: SequenceNumber,
          partitionKey: PartitionKey,
          data: Data,
        });
      }
      ShardIterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
    }
    return carriers;
  }
}
