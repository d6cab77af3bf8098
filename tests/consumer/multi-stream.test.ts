import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  DynamoDBClient,
  PutItemCommand,
  ResourceNotFoundException,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import {
  type Consumer,
  type ConsumerEvent,
  type CreateConsumerOptions,
  createConsumer,
  type StreamOptions,
} from '@millrace/consumer';
import { type Millrace, start } from '@millrace/server';
import { poll } from '../support/poll.ts';
import { credentials, QUICK, region } from './quick.ts';

const TIMES = { ...QUICK, streamsMs: 100, leaderLeaseMs: 3_000 };

describe('one application that reads several streams', { timeout: 120_000 }, () => {
  let server: Millrace;
  let kinesis: KinesisClient;
  let dynamodb: DynamoDBClient;
  const made: Consumer[] = [];
  let names = 0;
  before(async () => {
    server = await start({});
    const config = { endpoint: server.endpoint, region, credentials };
    kinesis = new KinesisClient(config);
    dynamodb = new DynamoDBClient(config);
  });
  after(async () => {
    await Promise.all(made.map((consumer) => consumer.stop()));
    kinesis.destroy();
    dynamodb.destroy();
    await server.close();
  });

  const summary = async (StreamName: string) => {
    const answer = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    const {
      StreamARN = '',
      StreamStatus = '',
      StreamCreationTimestamp,
    } = answer.StreamDescriptionSummary ?? {};
    return { arn: StreamARN, status: StreamStatus, created: StreamCreationTimestamp ?? new Date(0) };
  };
  const activate = (name: string): Promise<void> =>
    poll('the stream', async () => (await summary(name)).status === 'ACTIVE');
  const aStream = async (name = `stream-${++names}`, ShardCount = 1): Promise<string> => {
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount }));
    await activate(name);
    return name;
  };
  const put = (StreamName: string, text: string): Promise<unknown> =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: text, Data: Buffer.from(text) }));

  interface Running {
    readonly consumer: Consumer;
    readonly running: Promise<void>;
    /** `STREAM DATA`, each. */
    readonly seen: string[];
    readonly events: ConsumerEvent[];
  }
  const running = (
    applicationName: string,
    streams: CreateConsumerOptions['streams'],
    options: Partial<CreateConsumerOptions> = {},
  ): Running => {
    const seen: string[] = [];
    const events: ConsumerEvent[] = [];
    const address = { endpoint: server.endpoint, region, credentials };
    const onEvent = (event: ConsumerEvent): void => void events.push(event);
    const consumer = createConsumer({ ...address, ...TIMES, applicationName, streams, onEvent, ...options });
    made.push(consumer);
    const run = consumer.run(({ streamName, data }) => void seen.push(`${streamName} ${data}`));
    return { consumer, running: run, seen, events };
  };
  const stop = async ({ consumer, running: run }: Running): Promise<void> => {
    await consumer.stop();
    await run;
  };
  /** Of streams with an id; none while there is no table yet. */
  const rows = async (TableName: string) => {
    const scan = new ScanCommand({ TableName, ConsistentRead: true });
    const { Items = [] }: Pick<ScanCommandOutput, 'Items'> = await dynamodb
      .send(scan)
      .catch((error: unknown) => {
        if (error instanceof ResourceNotFoundException) return {};
        throw error;
      });
    return Items.filter(({ streamName }) => streamName !== undefined);
  };
  const has =
    (...texts: readonly string[]) =>
    ({ seen }: Running): boolean =>
      texts.every((text) => seen.includes(text));

  test('leases are named by account, stream, creation and shard, as in the KCL', async () => {
    const [orders, returns] = [await aStream(), await aStream()];
    await put(orders, 'one');
    await put(returns, 'two');
    const one = running('named', [{ streamName: orders }, { streamArn: (await summary(returns)).arn }]);
    await poll('both', () => has(`${orders} one`, `${returns} two`)(one));
    await stop(one);
    const { created } = await summary(orders);
    const streamId = `000000000000:${orders}:${Math.floor(created.getTime() / 1_000)}`;
    const [row] = (await rows('named')).filter(({ streamName }) => streamName?.S === streamId);
    assert.equal(row?.leaseKey?.S, `${streamId}:shardId-000000000000`);
    assert.equal(row?.shardId?.S, 'shardId-000000000000');
    assert.equal((await rows('named')).length, 2);
  });

  test('each stream is followed through its own splits and merges', async () => {
    const [orders, returns] = [await aStream(), await aStream(undefined, 2)];
    const one = running('resharded', [{ streamName: orders }, { streamName: returns }]);
    await put(orders, 'before');
    await kinesis.send(
      new SplitShardCommand({
        StreamName: orders,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await kinesis.send(
      new MergeShardsCommand({
        StreamName: returns,
        ShardToMerge: 'shardId-000000000000',
        AdjacentShardToMerge: 'shardId-000000000001',
      }),
    );
    await Promise.all([activate(orders), activate(returns)]);
    for (const text of ['a', 'b', 'c', 'd']) await put(orders, text);
    await put(returns, 'merged');
    const expected = ['before', 'a', 'b', 'c', 'd'].map((text) => `${orders} ${text}`);
    await poll('all', () => has(...expected, `${returns} merged`)(one));
    // Read once each: a shard's id alone would not tell the streams apart.
    assert.equal(one.seen.length, expected.length + 1);
    const ended = one.events.filter(({ kind }) => kind === 'shardEnded').map(({ streamName }) => streamName);
    assert.deepEqual(ended.toSorted(), [orders, returns, returns].toSorted());
    await stop(one);
  });

  test('the work is shared by lease, not by stream', async () => {
    const streams = [
      { streamName: await aStream(undefined, 2) },
      { streamName: await aStream(undefined, 2) },
    ];
    const workers = [running('shared', streams), running('shared', streams)];
    const owners = async (): Promise<number[]> => {
      const owned = Map.groupBy(await rows('shared'), ({ leaseOwner }) => leaseOwner?.S);
      return [...owned.values()].map(({ length }) => length);
    };
    await poll('an even share', async () => (await owners()).join() === '2,2');
    await Promise.all(workers.map(stop));
  });

  test('streams join and leave while it runs, and one that comes back goes on', async () => {
    const [first, second] = [await aStream(), await aStream()];
    let list: readonly StreamOptions[] = [{ streamName: first }];
    const one = running('joining', async () => list);
    await put(first, 'one');
    await poll('the first', () => has(`${first} one`)(one));
    await put(second, 'two');
    list = [{ streamName: second }];
    await poll('the second', () => has(`${second} two`)(one));
    const left = (): boolean => one.events.some(({ kind }) => kind === 'leaseReleased');
    await poll('the first’s end', left);
    await put(first, 'three');
    list = [{ streamName: first }, { streamName: second }];
    await poll('its return', () => has(`${first} three`)(one));
    assert.deepEqual(one.seen, [`${first} one`, `${second} two`, `${first} three`]);
    await stop(one);
  });

  test('leases of a stream that left are removed after a time of grace, or kept', async () => {
    for (const formerStreams of ['remove', 'keep'] as const) {
      const [first, second] = [await aStream(), await aStream()];
      const application = `grace-${formerStreams}`;
      let list: readonly StreamOptions[] = [{ streamName: first }, { streamName: second }];
      const one = running(application, () => list, { formerStreams, formerStreamsMs: 500 });
      await poll('leases', async () => (await rows(application)).length === 2);
      list = [{ streamName: second }];
      const isRemoved = async (): Promise<boolean> =>
        (await rows(application)).every(({ streamName }) => !streamName?.S?.includes(first));
      if (formerStreams === 'remove') await poll('the removal', isRemoved);
      else {
        await poll('the release', () => one.events.some(({ kind }) => kind === 'leaseReleased'));
        await put(second, 'later');
        await poll('the other stream', () => has(`${second} later`)(one));
        assert(!(await isRemoved()));
      }
      await stop(one);
    }
  });

  test('a stream that is deleted stops no other, and is another one when it is made again', async () => {
    const [steady, fated] = [await aStream(), await aStream()];
    const streams = [{ streamName: steady }, { streamName: fated }];
    const one = running('recreated', streams, { formerStreamsMs: 300 });
    await put(fated, 'old');
    await poll('the old one', () => has(`${fated} old`)(one));
    const before = await summary(fated);
    await kinesis.send(new DeleteStreamCommand({ StreamName: fated }));
    const isGone = (event: ConsumerEvent): boolean =>
      event.kind === 'streamLeft' && event.streamName === fated;
    await poll('its end', () => one.events.some(isGone));
    await put(steady, 'meanwhile');
    await poll('the other', () => has(`${steady} meanwhile`)(one));
    await poll('a later second', () => Math.floor(Date.now() / 1_000) > Math.floor(+before.created / 1_000));
    await poll('the name', () =>
      aStream(fated).then(
        () => true,
        () => false,
      ),
    );
    await put(fated, 'new');
    await poll('the new one', () => has(`${fated} new`)(one));
    const { created } = await summary(fated);
    const ids = [String(Math.floor(+created / 1_000))];
    const epochs = async (): Promise<string[]> =>
      (await rows('recreated'))
        .filter(({ streamName }) => streamName?.S?.includes(`:${fated}:`))
        .map(({ streamName }) => streamName?.S?.split(':')[2] ?? '');
    await poll('the old leases’ end', async () => (await epochs()).join() === ids.join());
    await stop(one);
  });

  test('a stream that is not there yet is told of, and read when it is', async () => {
    const there = await aStream();
    const coming = `stream-${++names}`;
    const one = running('coming', [{ streamName: there }, { streamName: coming }]);
    const isTold = (event: ConsumerEvent): boolean =>
      event.kind === 'error' && event.during === 'look up streams' && event.streamName === coming;
    await poll('the event', () => one.events.some(isTold));
    await put(there, 'one');
    await poll('the other', () => has(`${there} one`)(one));
    await aStream(coming);
    await put(coming, 'two');
    await poll('the stream', () => has(`${coming} two`)(one));
    await stop(one);
  });

  test('a list that cannot be had is told of, and the streams of before go on', async () => {
    const name = await aStream();
    let isBroken = false;
    const one = running('listing', () => {
      if (isBroken) throw new Error('the directory is away');
      return [{ streamName: name }];
    });
    await put(name, 'one');
    await poll('the first', () => has(`${name} one`)(one));
    isBroken = true;
    const isTold = (event: ConsumerEvent): boolean =>
      event.kind === 'error' && /away/.test(String(event.error));
    await poll('the event', () => one.events.some(isTold));
    await put(name, 'two');
    await poll('the second', () => has(`${name} two`)(one));
    assert(!one.events.some(({ kind }) => kind === 'streamLeft'));
    await stop(one);
  });

  test('rows of an application with one stream in the same table are left alone, and the other way round', async () => {
    const name = await aStream();
    await put(name, 'one');
    const balancing = 'count';
    const single = running('mixed', undefined, { streamName: name, balancing });
    const multi = running('mixed', [{ streamName: name }], { formerStreamsMs: 0, balancing });
    await poll('both', () => has(`${name} one`)(single) && has(`${name} one`)(multi));
    await stop(single);
    await stop(multi);
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'mixed', ConsistentRead: true }));
    const shard = 'shardId-000000000000';
    assert.deepEqual(
      Items.filter(({ checkpoint }) => checkpoint).map(({ leaseKey }) => leaseKey?.S?.endsWith(shard)),
      [true, true],
    );
  });

  test('a lease that others renew is not removed, though this worker does not read its stream', async () => {
    const [ours, theirs] = [await aStream(), await aStream()];
    const streams = [{ streamName: ours }, { streamName: theirs }];
    const balancing = 'count';
    const other = running('rolling', streams, { workerId: 'b', balancing });
    await poll('leases', async () => (await rows('rolling')).length === 2);
    // Comes first by name, and so looks after the table.
    const one = running('rolling', [{ streamName: ours }], {
      workerId: 'a',
      formerStreamsMs: 3_000,
      balancing,
    });
    await poll('its stream', () => one.events.some(({ kind }) => kind === 'streamJoined'));
    const counter = async (): Promise<number> => {
      const [row] = (await rows('rolling')).filter(({ streamName }) => streamName?.S?.includes(theirs));
      return Number(row?.leaseCounter?.N);
    };
    const first = await counter();
    await poll('renewals for longer than the grace', async () => (await counter()) > first + 25);
    assert(!one.events.some(({ kind }) => kind === 'leaseRemoved'));
    await Promise.all([one, other].map(stop));
  });

  test('the start fails when not one stream can be read', async () => {
    const one = running('nowhere', [{ streamName: 'nowhere' }]);
    await assert.rejects(one.running, { code: 'StartFailed', message: /nowhere/ });
  });

  test('processors and batches are told the stream', async () => {
    const name = await aStream();
    await put(name, 'one');
    const address = { endpoint: server.endpoint, region, credentials };
    const aConsumer = (applicationName: string): Consumer =>
      createConsumer({ ...address, ...TIMES, applicationName, streams: [{ streamName: name }] });
    for await (const batch of aConsumer('batches').batches()) {
      assert.equal(batch.streamName, name);
      break;
    }
    const told: (string | undefined)[] = [];
    const consumer = aConsumer('processors');
    const run = consumer.runProcessors((_shardId, stream) => ({
      initialize: ({ streamName }) =>
        void told.push(streamName, stream.streamName, stream.streamId?.split(':')[1]),
      processRecords: () => {},
      shardEnded: (checkpointer) => checkpointer.checkpoint(),
    }));
    await poll('a processor', () => told.length > 0);
    await consumer.stop();
    await run;
    assert.deepEqual(told, [name, name, name]);
  });

  test('a lease row without the rest of its name is nobody’s', async () => {
    const name = await aStream();
    const one = running('broken', [{ streamName: name }]);
    await poll('leases', async () => (await rows('broken')).length === 1);
    const row = { leaseCounter: { N: '1' }, checkpoint: { S: 'LATEST' }, leaseKey: { S: 'half' } };
    await dynamodb.send(
      new PutItemCommand({ TableName: 'broken', Item: { ...row, streamName: { S: '0:half:1' } } }),
    );
    await put(name, 'one');
    await poll('the record', () => has(`${name} one`)(one));
    await stop(one);
    assert(!one.events.some((event) => event.kind === 'leaseTaken' && event.shardId === 'half'));
  });

  test('what is no stream is refused with what would be right', () => {
    const refuses = (given: object, message: RegExp): void => {
      const address = { endpoint: server.endpoint, region, credentials, applicationName: 'refused' };
      assert.throws(() => createConsumer({ ...address, ...given }), { code: 'InvalidSettings', message });
    };
    refuses({}, /either its streamName or its streamArn/);
    refuses({ streamName: 'a', streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/a' }, /either/);
    refuses({ streamName: 'a', streams: [{ streamName: 'a' }] }, /either one stream is given or streams/);
    refuses({ streamName: 'a b' }, /a b is no name of a stream/);
    refuses({ streamArn: 'arn:aws:s3:::bucket' }, /is no ARN of a stream/);
    refuses({ streams: [{}] }, /either its streamName or its streamArn/);
    refuses({ streams: [{ streamName: 'a', initialPosition: 'OLDEST' }] }, /initialPosition/);
    refuses({ streams: 'a' }, /must be a list/);
  });
});
