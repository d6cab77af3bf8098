import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { nodeClock } from '@millrace/client-common';
import { type CreateConsumerOptions, DynamoLeaseStore } from '@millrace/consumer';
import { type Millrace, start } from '@millrace/server';
import { poll } from '../support/poll.ts';
import { WorkerProcess } from './worker-process.ts';

const SHARDS = 6;
const KEYS = 24;
const address = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
/** Short, so that a test does not wait long for what takes many of them. */
const QUICK: Partial<CreateConsumerOptions> = {
  failoverMs: 1_500,
  idleMs: 50,
  readPauseMs: 10,
  checkpointMs: 100,
  leaderLeaseMs: 2_000,
  leaderHeartbeatMs: 300,
  workerReportMs: 1_000,
  gracefulHandoffTimeoutMs: 10_000,
  varianceBalancingFrequency: 1,
  workerMetrics: 'throughput',
};

/** Records as the workers of a stream saw them, and what they do with its leases. */
class Application {
  readonly #server: Millrace;
  readonly #kinesis: KinesisClient;
  readonly #streamName: string;
  readonly #table: DynamoLeaseStore;
  readonly #seen = new Map<string, number>();
  readonly #workers: WorkerProcess[] = [];
  #rounds = 0;

  constructor(server: Millrace, kinesis: KinesisClient, dynamodb: DynamoDBClient, streamName: string) {
    this.#server = server;
    this.#kinesis = kinesis;
    this.#streamName = streamName;
    this.#table = new DynamoLeaseStore(dynamodb, `${streamName}-application`, nodeClock);
  }

  worker(workerId: string, settings: Partial<CreateConsumerOptions> = {}): WorkerProcess {
    const saw = (key: string, round: number): void => {
      const name = `${key} ${round}`;
      this.#seen.set(name, (this.#seen.get(name) ?? 0) + 1);
    };
    const given = { ...QUICK, ...settings };
    const worker = new WorkerProcess(this.#server.endpoint, this.#streamName, workerId, given, saw);
    this.#workers.push(worker);
    return worker;
  }

  async put(): Promise<void> {
    const round = String(this.#rounds++);
    const Records = Array.from({ length: KEYS }, (_, key) => ({
      PartitionKey: `key${key}`,
      Data: Buffer.from(round),
    }));
    await this.#kinesis.send(new PutRecordsCommand({ StreamName: this.#streamName, Records }));
  }

  get hasSeenAll(): boolean {
    return this.#seen.size === this.#rounds * KEYS;
  }

  /** On a machine that stands still, a worker loses what it cannot renew, and some of it comes again. */
  get hasLost(): boolean {
    return this.#workers.some((worker) => worker.has('leaseLost'));
  }

  get timesSeen(): Set<number> {
    return new Set(this.#seen.values());
  }

  /** How many leases each worker has, of those that no hand-over is waited for. */
  async owned(): Promise<Readonly<Record<string, number>>> {
    // Before the first worker there is no table.
    const leases = await this.#table.list().catch(() => []);
    const settled = leases.flatMap(({ owner, checkpointOwner }) =>
      checkpointOwner === undefined ? (owner ?? []) : [],
    );
    return Object.fromEntries(
      [...Map.groupBy(settled, (owner) => owner)].map(([owner, all]) => [owner, all.length]),
    );
  }

  async become(what: string, expected: Readonly<Record<string, number>>): Promise<void> {
    await poll(what, async () => {
      const owned = await this.owned();
      const names = new Set([...Object.keys(owned), ...Object.keys(expected)]);
      return [...names].every((name) => owned[name] === expected[name]);
    });
  }

  async leader(): Promise<string | undefined> {
    return (await this.#table.fleet.leader())?.owner;
  }

  end(): Promise<unknown> {
    return Promise.all(this.#workers.map((worker) => worker.end()));
  }
}

describe('workers with a leader', { timeout: 300_000 }, () => {
  let server: Millrace;
  let kinesis: KinesisClient;
  let dynamodb: DynamoDBClient;
  const applications: Application[] = [];
  before(async () => {
    const stream = ['joining', 'dying'].map((name) => ({ name, shardCount: SHARDS }));
    server = await start({ stream });
    kinesis = new KinesisClient({ endpoint: server.endpoint, ...address });
    dynamodb = new DynamoDBClient({ endpoint: server.endpoint, ...address });
  });
  after(async () => {
    await Promise.all(applications.map((application) => application.end()));
    kinesis.destroy();
    dynamodb.destroy();
    await server.close();
  });

  const anApplication = (streamName: string): Application => {
    const application = new Application(server, kinesis, dynamodb, streamName);
    applications.push(application);
    return application;
  };

  test('who joins is handed its share, and no record is read again; who stops leaves its share to the others', async () => {
    const application = anApplication('joining');
    const first = application.worker('one');
    await application.become('all for one', { one: SHARDS });
    await application.put();
    application.worker('two');
    const third = application.worker('three');
    let isPutting = true;
    const putting = (async () => {
      while (isPutting) {
        await application.put();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await poll('a hand-over', async () => Object.keys(await application.owned()).length === 3);
    isPutting = false;
    await putting;
    await application.become('even shares', { one: 2, two: 2, three: 2 });
    assert(first.has('leaseReleased'), 'it was asked to let go');
    await application.put();
    await poll('every record', () => application.hasSeenAll);
    await third.end();
    await application.become('the shares of two', { one: 3, two: 3 });
    await application.put();
    await poll('every record', () => application.hasSeenAll);
    if (!application.hasLost) assert.deepEqual(application.timesSeen, new Set([1]));
  });

  test('when the leader is killed another one leads, and what it had goes to the others', async () => {
    const application = anApplication('dying');
    const workers = new Map(['one', 'two', 'three'].map((name) => [name, application.worker(name)]));
    await application.become('even shares', { one: 2, two: 2, three: 2 });
    await application.put();
    await poll('every record', () => application.hasSeenAll);
    const leader = (await application.leader()) ?? '';
    await workers.get(leader)?.kill();
    await application.put();
    const left = [...workers.keys()].filter((name) => name !== leader);
    await application.become('the shares of two', Object.fromEntries(left.map((name) => [name, 3])));
    assert(left.includes((await application.leader()) ?? ''));
    await application.put();
    await poll('every record', () => application.hasSeenAll);
  });
});
