import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { AggregateBuilder } from '@millrace/aggregation';
import {
  type ConsumedRecord,
  type Consumer,
  type ConsumerEvent,
  type CreateConsumerOptions,
  createConsumer,
} from '@millrace/consumer';
import { type Millrace, start } from '@millrace/server';
import { poll } from '../support/poll.ts';
import { credentials, QUICK, region } from './quick.ts';
import { WorkerProcess } from './worker-process.ts';

describe('consumers of a stream', { timeout: 120_000 }, () => {
  let server: Millrace;
  let kinesis: KinesisClient;
  const made: Consumer[] = [];
  before(async () => {
    const stream = ['orders', 'plain', 'batches', 'poison', 'late'].map((name) => ({ name, shardCount: 2 }));
    server = await start({ stream });
    kinesis = new KinesisClient({ endpoint: server.endpoint, region, credentials });
  });
  after(async () => {
    await Promise.all(made.map((consumer) => consumer.stop()));
    kinesis.destroy();
    await server.close();
  });

  const aConsumer = (streamName: string, options: Partial<CreateConsumerOptions> = {}): Consumer => {
    const applicationName = `${streamName}-application`;
    const address = { endpoint: server.endpoint, region, credentials };
    const consumer = createConsumer({ streamName, applicationName, ...address, ...QUICK, ...options });
    made.push(consumer);
    return consumer;
  };

  const put = (StreamName: string, PartitionKey: string, text: string): Promise<unknown> =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text) }));

  const activate = (StreamName: string): Promise<void> =>
    poll('resharding', async () => {
      const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      return summary.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    });

  /** Of the open shards, in the order of their hash keys. */
  const openShards = async (StreamName: string): Promise<string[]> => {
    const { Shards = [] } = await kinesis.send(
      new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
    );
    const startOf = (shard: (typeof Shards)[number]): bigint =>
      BigInt(shard.HashKeyRange?.StartingHashKey ?? 0);
    return Shards.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1)).map(({ ShardId = '' }) => ShardId);
  };

  test('every record comes, in the order of its key, though shards split and merge and a worker is killed', async () => {
    const KEYS = 20;
    const ROUNDS = 10;
    const seen = new Map<string, number[]>();
    const aWorker = (workerId: string): WorkerProcess =>
      new WorkerProcess(server.endpoint, 'orders', workerId, QUICK, (key, round) => {
        seen.set(key, [...(seen.get(key) ?? []), round]);
      });
    const [first, second] = [aWorker('one'), aWorker('two')];
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
      await poll('a shard for each', () => first.has('leaseTaken') && second.has('leaseTaken'));
      const [low = '', high = ''] = await openShards('orders');
      const NewStartingHashKey = String(2n ** 126n);
      await kinesis.send(
        new SplitShardCommand({ StreamName: 'orders', ShardToSplit: low, NewStartingHashKey }),
      );
      await activate('orders');
      await putRounds();
      await poll('what was put around the split', hasAll);

      const [, middle = ''] = await openShards('orders');
      const adjacent = { ShardToMerge: middle, AdjacentShardToMerge: high };
      await kinesis.send(new MergeShardsCommand({ StreamName: 'orders', ...adjacent }));
      await activate('orders');
      await first.kill();
      await putRounds();
      await poll('what was put around the merge and the death', hasAll);
    } finally {
      await Promise.all([first.kill(), second.end()]);
    }
    for (const numbers of seen.values()) {
      // What was not checkpointed comes again after a death: the first time counts.
      const firstTimes = [...new Set(numbers)];
      assert.deepEqual(
        firstTimes,
        Array.from({ length: rounds }, (_, round) => round),
      );
    }
    assert(second.has('shardEnded'));
    assert.equal(second.exitCode, 0);
  });

  test('a stopped consumer goes on where it was, and aggregates come as what was put in them', async () => {
    const names: string[] = [];
    const builder = new AggregateBuilder();
    for (const name of ['a', 'b', 'c']) builder.add({ partitionKey: 'ada', data: Buffer.from(name) });
    const { partitionKey, explicitHashKey, data } = builder.build();
    const command = {
      StreamName: 'plain',
      PartitionKey: partitionKey,
      ExplicitHashKey: explicitHashKey,
      Data: data,
    };
    await kinesis.send(new PutRecordCommand(command));
    for (const expected of ['abc', 'abcd']) {
      const consumer = aConsumer('plain');
      const running = consumer.run((record) => void names.push(String(record.data)));
      await poll('the records', () => names.join('') === expected);
      await consumer.stop();
      await running;
      if (expected === 'abc') await put('plain', 'ada', 'd');
    }
    assert.deepEqual(names, ['a', 'b', 'c', 'd']);
  });

  test('a consumer begins with the next record, or with the first since a time', async () => {
    await put('late', 'ada', 'old');
    const since = new Date(Date.now() + 1);
    await poll('the next millisecond', () => Date.now() > since.getTime());
    for (const initialPosition of ['LATEST', since] as const) {
      const seen: string[] = [];
      const applicationName = `late-${typeof initialPosition}`;
      const consumer = aConsumer('late', { applicationName, initialPosition });
      const running = consumer.run(({ data }) => void seen.push(String(data)));
      await poll('a new record', async () => {
        await put('late', 'ada', 'new');
        return seen.length > 0;
      });
      await consumer.stop();
      await running;
      assert(!seen.includes('old'));
    }
  });

  test('a loop over batches acknowledges a batch by asking for the next', async () => {
    await put('batches', 'ada', 'one');
    const consumer = aConsumer('batches');
    for await (const { records } of consumer.batches()) {
      assert.deepEqual(
        records.map(({ data }) => String(data)),
        ['one'],
      );
      // Left before it is done.
      break;
    }
    const again = aConsumer('batches');
    const names: string[] = [];
    for await (const { records } of again.batches()) {
      names.push(...records.map(({ data }) => String(data)));
      if (names.length === 1) await put('batches', 'ada', 'two');
      else break;
    }
    assert.deepEqual(names, ['one', 'two']);
  });

  test('a record that the handler fails on stops the consumer before it', async () => {
    for (const name of ['good', 'bad', 'after']) await put('poison', 'ada', name);
    const names: string[] = [];
    const handle = ({ data }: ConsumedRecord): void => {
      if (String(data) === 'bad') throw new Error('it is bad');
      names.push(String(data));
    };
    await assert.rejects(aConsumer('poison').run(handle), { code: 'ProcessorFailed', message: /it is bad/ });
    const skipped: ConsumerEvent[] = [];
    const onEvent = (event: ConsumerEvent): void =>
      void (event.kind === 'recordsSkipped' && skipped.push(event));
    const consumer = aConsumer('poison', { poison: 'skip', onEvent });
    const running = consumer.run(handle);
    await poll('the record after the bad one', () => names.includes('after'));
    await consumer.stop();
    await running;
    assert.deepEqual(names, ['good', 'after']);
    assert.equal(skipped.length, 1);
  });

  test('a stream that is not there ends the start with the reason', async () => {
    await assert.rejects(
      aConsumer('nowhere').run(() => {}),
      { code: 'StartFailed', message: /nowhere/ },
    );
  });
});
