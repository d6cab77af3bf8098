import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { KinesisClient, type KinesisClientConfig, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { start } from '@millrace/server';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { chanceOf } from '../support/resharding/chance.ts';
import { fanOut, register } from '../support/resharding/fan-out.ts';
import { Follower, LAST } from '../support/resharding/follower.ts';
import { Ledger } from '../support/resharding/ledger.ts';
import { polling } from '../support/resharding/polling.ts';
import { Producer } from '../support/resharding/producer.ts';
import { Resharder } from '../support/resharding/resharder.ts';

const StreamName = 'orders';
const CHANGES = 12;
/** At least so many are written between two changes. */
const RECORDS_BETWEEN = 1_500;
const DEADLINE_MS = 110_000;
const PRODUCERS = ['one', 'two', 'three'];

/** The clients of one run, which end with it. */
class Clients implements Disposable {
  readonly #endpoint: string;
  readonly #stack = new DisposableStack();

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** By HTTP/2, as the SDK has it. */
  make(config: KinesisClientConfig = {}): KinesisClient {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const kinesis = new KinesisClient({
      endpoint: this.#endpoint,
      region: 'us-east-1',
      credentials,
      ...config,
    });
    this.#stack.defer(() => kinesis.destroy());
    return kinesis;
  }

  http1(maxAttempts: number): KinesisClient {
    return this.make({ requestHandler: new NodeHttpHandler(), maxAttempts });
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}

/** What stops all parts of a run when one of them fails, or the time is up. */
class Parts {
  readonly #failure = new AbortController();
  readonly signal = AbortSignal.any([this.#failure.signal, AbortSignal.timeout(DEADLINE_MS)]);

  /** Throws the first failure when all have come to rest. */
  async all(works: readonly Promise<unknown>[]): Promise<void> {
    const watched = works.map((work) =>
      work.catch((error) => {
        this.#failure.abort(error);
      }),
    );
    await Promise.all(watched);
    this.signal.throwIfAborted();
  }
}

/** Changes the shards while there is writing, then lets the writing end, and last marks the ends. */
const reshard = async (
  resharder: Resharder,
  writer: KinesisClient,
  ledger: Ledger,
  stopWriting: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> => {
  for (let change = 0; change < CHANGES; change++) {
    const goal = ledger.size + RECORDS_BETWEEN;
    while (ledger.size < goal) await pause(5, undefined, { signal });
    await resharder.change();
  }
  await stopWriting();
  for (const { ShardId, HashKeyRange } of await resharder.openShards()) {
    const ExplicitHashKey = HashKeyRange?.StartingHashKey;
    const record = { StreamName, PartitionKey: LAST, ExplicitHashKey, Data: Buffer.from(LAST) };
    assert.equal((await writer.send(new PutRecordCommand(record))).ShardId, ShardId);
  }
};

const run = async (endpoint: string, seed: string): Promise<void> => {
  using clients = new Clients(endpoint);
  const parts = new Parts();
  const { signal } = parts;
  const ledger = new Ledger();
  const resharder = new Resharder(clients.http1(3), StreamName, chanceOf(seed), signal);

  const first = (await resharder.shards()).map(({ ShardId = '' }) => ShardId);
  const { StreamARN } = await resharder.describe();
  const ConsumerARN = await register(clients.make(), StreamARN, 'pushed', signal);
  const pushed = { kinesis: clients.make(), ConsumerARN, leaves: first[0] ?? '', signal };
  const followers = {
    GetRecords: new Follower(polling(clients.http1(3), StreamName, signal)),
    SubscribeToShard: new Follower(fanOut(pushed)),
  };
  const producers = PRODUCERS.map(
    (name) => new Producer({ name, StreamName, kinesis: clients.http1(1), ledger, signal }),
  );
  const written = producers.map((producer) => producer.run());
  const stopWriting = async () => {
    for (const producer of producers) producer.stop();
    await Promise.all(written);
  };

  await parts.all([
    ...written,
    ...Object.values(followers).flatMap((follower) => first.map((shard) => follower.follow(shard))),
    reshard(resharder, clients.http1(3), ledger, stopWriting, signal),
  ]);

  const shards = (await resharder.shards()).map(({ ShardId }) => ShardId).sort();
  for (const [name, follower] of Object.entries(followers)) {
    assert.deepEqual(follower.shards, shards, `${name}: every shard was read`);
    ledger.check(name, follower.received);
  }
  assert.ok(ledger.size >= CHANGES * RECORDS_BETWEEN);
};

/** On a real disk, in a folder that goes with the server. */
const withServer = async (use: (endpoint: string) => Promise<void>): Promise<void> => {
  await using owned = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-resharding-'));
  owned.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = await start({ dataDir, stream: [{ name: StreamName, shardCount: 3 }] });
  owned.defer(() => server.close());
  await use(server.endpoint);
};

test('whatever becomes of the shards, both kinds of consumers get every record once and in order', {
  timeout: 120_000,
}, async () => {
  const seed = process.env.MILLRACE_TEST_SEED ?? `${randomInt(2 ** 32)}`;
  try {
    await withServer((endpoint) => run(endpoint, seed));
  } catch (cause) {
    const again = `MILLRACE_TEST_SEED=${seed} node --test tests/end-to-end/resharding.test.ts`;
    throw new Error(`${cause}\nfailed with seed ${seed}; to try it again: ${again}`, { cause });
  }
});
