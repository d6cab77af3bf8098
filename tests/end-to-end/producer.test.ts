import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  type Shard,
  UpdateShardCountCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { deaggregate, parseHashKey } from '@millrace/aggregation';
import {
  type CreateProducerOptions,
  createProducer,
  type Producer,
  type PutResult,
} from '@millrace/producer';
import { type Millrace, start } from '@millrace/server';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const StreamName = 'orders';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

interface World {
  readonly millrace: Millrace;
  readonly kinesis: KinesisClient;
  readonly producer: Producer;
}

const aWorld = async (
  t: TestContext,
  shardCount: number,
  options: Partial<CreateProducerOptions> = {},
): Promise<World> => {
  const millrace = await start({ stream: [{ name: StreamName, shardCount }] });
  t.after(() => millrace.close());
  const address = { endpoint: millrace.endpoint, region: 'us-east-1', credentials };
  const kinesis = new KinesisClient({ ...address, requestHandler: new NodeHttpHandler() });
  t.after(() => kinesis.destroy());
  const producer = createProducer({ ...address, streamName: StreamName, ...options });
  t.after(() => producer.close());
  return { millrace, kinesis, producer };
};

interface Seen {
  /** Of the record that carried it. */
  readonly at: string;
  readonly partitionKey: string;
  readonly text: string;
}

async function* recordsOf(kinesis: KinesisClient, ShardId: string | undefined) {
  const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
  while (ShardIterator !== undefined) {
    const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    yield* answer.Records ?? [];
    ShardIterator = answer.MillisBehindLatest === 0 ? undefined : answer.NextShardIterator;
  }
}

const rangeOf = ({ HashKeyRange }: Shard) => {
  const start = parseHashKey(HashKeyRange?.StartingHashKey ?? '');
  const end = parseHashKey(HashKeyRange?.EndingHashKey ?? '');
  assert(start !== undefined && end !== undefined);
  return { start, end };
};

/** As a consumer that knows the format and its shards sees the stream. */
const readAll = async (kinesis: KinesisClient): Promise<{ seen: Seen[]; carriers: number }> => {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const seen: Seen[] = [];
  let carriers = 0;
  for (const shard of Shards) {
    for await (const { PartitionKey = '', Data, SequenceNumber } of recordsOf(kinesis, shard.ShardId)) {
      assert(Data !== undefined);
      carriers++;
      const { records } = deaggregate({ partitionKey: PartitionKey, data: Data }, { range: rangeOf(shard) });
      for (const { partitionKey, data } of records) {
        seen.push({
          at: `${shard.ShardId} ${SequenceNumber}`,
          partitionKey,
          text: Buffer.from(data).toString(),
        });
      }
    }
  }
  return { seen, carriers };
};

const putMany = (producer: Producer, first: number, count: number): Promise<PutResult>[] =>
  Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return producer.put({ partitionKey: `customer ${number % 97}`, data: Buffer.from(`order ${number}`) });
  });

const allSeen = (seen: readonly Seen[], results: readonly PutResult[]): void => {
  const places = new Set(seen.map(({ at, text }) => `${text} at ${at}`));
  for (const [number, { shardId, sequenceNumber }] of results.entries()) {
    assert(places.has(`order ${number} at ${shardId} ${sequenceNumber}`), `order ${number}`);
  }
};

for (const aggregation of [true, false]) {
  test(`every record is where its put said, once, with aggregation ${aggregation ? 'on' : 'off'}`, async (t) => {
    const { kinesis, producer } = await aWorld(t, 4, { aggregation });
    const results = await Promise.all(putMany(producer, 0, 2_000));
    const { seen, carriers } = await readAll(kinesis);
    allSeen(seen, results);
    assert.equal(seen.length, 2_000);
    for (const { partitionKey, text } of seen) {
      assert.equal(partitionKey, `customer ${Number(text.slice('order '.length)) % 97}`);
    }
    assert(aggregation ? carriers < 40 : carriers === 2_000, `${carriers} records carry them`);
  });
}

test('while the stream is resharded nothing is lost, and what is seen twice was put twice', async (t) => {
  const { kinesis, producer } = await aWorld(t, 1, { recordBufferedMsMax: 10 });
  const puts: Promise<PutResult>[] = [];
  const describe = new DescribeStreamSummaryCommand({ StreamName });
  const untilActive = async (): Promise<void> => {
    for (;;) {
      puts.push(...putMany(producer, puts.length, 50));
      const { StreamDescriptionSummary } = await kinesis.send(describe);
      if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
    }
  };
  for (const TargetShardCount of [2, 4, 3, 2, 1, 2]) {
    const count = { StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' as const };
    await kinesis.send(new UpdateShardCountCommand(count));
    await untilActive();
    await producer.flush();
  }
  const results = await Promise.all(puts);
  const { seen } = await readAll(kinesis);
  allSeen(seen, results);
  const copies = Map.groupBy(seen, ({ text }) => text);
  assert.equal(copies.size, results.length);
  for (const [number, { attempts }] of results.entries()) {
    const count = copies.get(`order ${number}`)?.length ?? 0;
    assert(count <= attempts.length, `order ${number}: ${count} copies, ${attempts.length} attempts`);
  }
  const codes = new Set(
    results.flatMap(({ attempts }) => attempts.flatMap(({ errorCode }) => errorCode ?? [])),
  );
  assert.deepEqual([...codes], ['WrongShard']);
});

test('a stream that distributes its records itself gets each of them alone, and once', async (t) => {
  const { kinesis, producer } = await aWorld(t, 1);
  const names = { StreamName: 'spread' };
  await kinesis.send(
    new CreateStreamCommand({
      ...names,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RecordDistributionStrategy: 'AUTO',
    }),
  );
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.05 }, names);
  const spread = createProducer({ client: kinesis, streamName: 'spread', recordTtlMs: 5_000 });
  t.after(() => spread.close());
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      spread.put({ partitionKey: `key ${index}`, data: Buffer.from(`record ${index}`) }),
    ),
  );
  assert(new Set(results.map(({ shardId }) => shardId)).size > 1, 'not by key, and not all in one shard');
  assert.equal(new Set(results.map(({ sequenceNumber }) => sequenceNumber)).size, results.length);
  assert(results.every(({ attempts }) => attempts.length === 1));
  await producer.close();
});

test('closing sends what was put a moment before', async (t) => {
  const { kinesis, producer } = await aWorld(t, 2, { recordBufferedMsMax: 20_000 });
  const results = Promise.all(putMany(producer, 0, 100));
  await producer.close();
  allSeen((await readAll(kinesis)).seen, await results);
  await assert.rejects(producer.put({ partitionKey: 'k', data: Buffer.alloc(1) }), { code: 'Closed' });
});

test('a server that goes away for a while costs attempts, not records', async (t) => {
  const { millrace, producer } = await aWorld(t, 1, { recordTtlMs: 20_000, recordBufferedMsMax: 10 });
  await Promise.all(putMany(producer, 0, 10));
  const port = Number(new URL(millrace.endpoint).port);
  await millrace.close();
  const puts = putMany(producer, 10, 100);
  await producer.admit({ partitionKey: 'k', data: Buffer.from('also') });
  const again = await start({ port, stream: [{ name: StreamName, shardCount: 1 }] });
  t.after(() => again.close());
  const results = await Promise.all(puts);
  assert.equal(results.length, 100);
});

test('a stream that does not exist is told at the end of the time to live', async (t) => {
  const { producer } = await aWorld(t, 1, {
    streamName: 'nothing',
    recordTtlMs: 300,
    recordBufferedMsMax: 10,
  });
  await assert.rejects(producer.put({ partitionKey: 'k', data: Buffer.alloc(1) }), {
    code: 'Expired',
    message: /ResourceNotFoundException: Stream nothing under account 000000000000 not found/,
  });
});

test("an SDK client of the user's own is used, and stays open", async (t) => {
  const { millrace, kinesis } = await aWorld(t, 1);
  const own = new KinesisClient({
    endpoint: millrace.endpoint,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  t.after(() => own.destroy());
  const producer = createProducer({ streamName: StreamName, client: own });
  const results = await Promise.all(putMany(producer, 0, 10));
  await producer.close();
  allSeen((await readAll(kinesis)).seen, results);
  await own.send(new DescribeStreamSummaryCommand({ StreamName }));
});
