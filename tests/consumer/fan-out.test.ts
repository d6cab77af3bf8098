import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamConsumersCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { AggregateBuilder } from '@millrace/aggregation';
import {
  type Consumer,
  type ConsumerEvent,
  type CreateConsumerOptions,
  createConsumer,
} from '@millrace/consumer';
import { type ServerProcess, serverProcess } from '../support/millrace-process.ts';
import { poll } from '../support/poll.ts';
import { credentials, QUICK, region } from './quick.ts';
import { WorkerProcess } from './worker-process.ts';

const FAN_OUT = { ...QUICK, retrieval: 'fanOut' } as const;
const SHARDS = ['shardId-000000000000', 'shardId-000000000001'] as const;

describe('consumers that the service pushes to', { timeout: 150_000 }, () => {
  let directory: string;
  let server: ServerProcess;
  let kinesis: KinesisClient;
  const made: Consumer[] = [];
  const flags = (port: number): readonly string[] => [
    ...['--port', String(port), '--data-dir', join(directory, 'data')],
  ];
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-fan-out-'));
    server = await serverProcess(...flags(0));
    kinesis = new KinesisClient({ endpoint: server.endpoint, region, credentials });
  });
  after(async () => {
    await Promise.all(made.map((consumer) => consumer.stop()));
    kinesis.destroy();
    await server.end('SIGTERM');
    await rm(directory, { recursive: true, force: true });
  });

  const untilActive = (StreamName: string): Promise<void> =>
    poll(`the stream ${StreamName}`, async () => {
      const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      return summary.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    });

  const aStream = async (StreamName: string, ShardCount: number): Promise<void> => {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
    await untilActive(StreamName);
  };

  const put = (StreamName: string, PartitionKey: string, text: string): Promise<unknown> =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text) }));

  const aConsumer = (
    streamName: string,
    options: Partial<CreateConsumerOptions> = {},
    work: () => Promise<void> | void = () => {},
  ) => {
    const seen: string[] = [];
    const told: ConsumerEvent[] = [];
    const consumer = createConsumer({
      ...{ streamName, applicationName: `${streamName}-application`, region, credentials },
      endpoint: server.endpoint,
      onEvent: (event) => told.push(event),
      ...FAN_OUT,
      ...options,
    });
    made.push(consumer);
    const running = consumer.run(async ({ data }) => {
      seen.push(String(data));
      await work();
    });
    const stop = async (): Promise<void> => {
      await consumer.stop();
      await running;
    };
    return { seen, told, stop };
  };

  test('every record comes in order, through a split, a merge and a death, though some of the fleet poll', async () => {
    const KEYS = 20;
    const ROUNDS = 8;
    await aStream('orders', 2);
    const seen = new Map<string, number[]>();
    const aWorker = (workerId: string, retrieval: 'fanOut' | 'polling'): WorkerProcess =>
      new WorkerProcess(server.endpoint, 'orders', workerId, { ...QUICK, retrieval }, (key, round) => {
        seen.set(key, [...(seen.get(key) ?? []), round]);
      });
    const fleet = [aWorker('one', 'fanOut'), aWorker('two', 'fanOut'), aWorker('three', 'polling')];
    const [dying, ...living] = fleet;
    let rounds = 0;
    const putRounds = async (): Promise<void> => {
      for (const endRound = rounds + ROUNDS; rounds < endRound; rounds++) {
        const round = String(rounds);
        await Promise.all(Array.from({ length: KEYS }, (_, key) => put('orders', `key${key}`, round)));
      }
    };
    const hasAll = (): boolean =>
      seen.size === KEYS && [...seen.values()].every((numbers) => new Set(numbers).size === rounds);
    try {
      await putRounds();
      await poll('a shard for two', () => fleet.filter((worker) => worker.has('leaseTaken')).length > 1);
      const NewStartingHashKey = String(2n ** 126n);
      await kinesis.send(
        new SplitShardCommand({ StreamName: 'orders', ShardToSplit: SHARDS[0], NewStartingHashKey }),
      );
      await untilActive('orders');
      await putRounds();
      await poll('a shard for each', () => fleet.every((worker) => worker.has('leaseTaken')));
      await poll('what was put around the split', hasAll);

      const adjacent = { ShardToMerge: 'shardId-000000000003', AdjacentShardToMerge: SHARDS[1] };
      await kinesis.send(new MergeShardsCommand({ StreamName: 'orders', ...adjacent }));
      await untilActive('orders');
      await dying?.kill();
      await putRounds();
      await poll('what was put around the merge and the death', hasAll);
    } finally {
      await Promise.all([dying?.kill(), ...living.map((worker) => worker.end())]);
    }
    const inOrder = Array.from({ length: rounds }, (_, round) => round);
    // What was not checkpointed comes again after a death: the first time counts.
    for (const numbers of seen.values()) assert.deepEqual([...new Set(numbers)], inOrder);
    assert.deepEqual(
      living.map(({ exitCode }) => exitCode),
      [0, 0],
    );
  });

  test('a fleet registers one consumer, by the name of the application, and leaves it there', async () => {
    await aStream('named', 2);
    const fleet = [aConsumer('named'), aConsumer('named')];
    const isSubscribing = ({ told }: (typeof fleet)[number]): boolean =>
      told.some((event) => event.kind === 'streamConsumer' && event.status === 'ACTIVE');
    await poll('the consumer', () => fleet.every(isSubscribing));
    await Promise.all(fleet.map(({ stop }) => stop()));
    const { StreamDescriptionSummary: stream } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'named' }),
    );
    const { Consumers = [] } = await kinesis.send(
      new ListStreamConsumersCommand({ StreamARN: stream?.StreamARN }),
    );
    assert.deepEqual(
      Consumers.map(({ ConsumerName }) => ConsumerName),
      ['named-application'],
    );
    const [{ ConsumerARN } = {}] = Consumers;
    const { ConsumerDescription } = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    assert.equal(ConsumerDescription?.ConsumerStatus, 'ACTIVE');
  });

  test('aggregates come as what was put in them, each record once after a stop in good order', async () => {
    await aStream('plain', 1);
    const builder = new AggregateBuilder();
    for (const name of ['a', 'b', 'c']) builder.add({ partitionKey: 'ada', data: Buffer.from(name) });
    const { partitionKey, explicitHashKey, data } = builder.build();
    await kinesis.send(
      new PutRecordCommand({
        StreamName: 'plain',
        PartitionKey: partitionKey,
        ExplicitHashKey: explicitHashKey,
        Data: data,
      }),
    );
    const all: string[] = [];
    for (const expected of ['abc', 'abcd']) {
      const { seen, stop } = aConsumer('plain');
      await poll('the records', () => all.join('') + seen.join('') === expected);
      await stop();
      all.push(...seen);
      if (expected === 'abc') await put('plain', 'ada', 'd');
    }
    assert.deepEqual(all, ['a', 'b', 'c', 'd']);
  });

  test('large records come whole while the application is slow', async () => {
    await aStream('large', 1);
    const text = 'x'.repeat(900_000);
    for (let count = 0; count < 12; count++) await put('large', 'ada', `${count}${text}`);
    const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    const { seen, stop } = aConsumer('large', { prefetchBatchesMax: 1 }, slowly);
    await poll('the records', () => seen.length === 12);
    await stop();
    assert.deepEqual(
      seen.map((data) => data.length),
      Array.from({ length: 12 }, (_, count) => text.length + String(count).length),
    );
  });

  test('a reader goes on where it was when the server is stopped, and when it is killed, and comes back', async () => {
    await aStream('restarts', 1);
    // Longer than a restart takes, so that the lease stays, and with it the reader.
    const { seen, told, stop } = aConsumer('restarts', { failoverMs: 30_000 });
    const names: string[] = [];
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const name of ['a', 'b']) {
        await put('restarts', 'ada', `${name} before ${signal}`);
        names.push(`${name} before ${signal}`);
      }
      await poll('what was put before', () => new Set(seen).size === names.length);
      await server.end(signal);
      server = await serverProcess(...flags(server.port));
      await poll('the server', () =>
        put('restarts', 'ada', `after ${signal}`).then(
          () => true,
          () => false,
        ),
      );
      names.push(`after ${signal}`);
      await poll('what was put after', () => new Set(seen).size === names.length);
    }
    await stop();
    // A put that was asked for again may lie in the stream twice.
    assert.deepEqual([...new Set(seen)], names);
    assert(told.some(({ kind }) => kind === 'error'));
  });
});
