import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import {
  type Consumer,
  type ConsumerEvent,
  type CreateConsumerOptions,
  createConsumer,
  type MetricDataInput,
  OPERATIONS,
} from '@millrace/consumer';
import { type Millrace, start } from '@millrace/server';
import { poll } from '../support/poll.ts';
import { credentials, QUICK, region } from './quick.ts';

const SHARD = 'shardId-000000000000';
const TIMES = { ...QUICK, streamsMs: 100, metricsUploadMs: 100 };

describe('metrics of a consumer', { timeout: 120_000 }, () => {
  let server: Millrace;
  let kinesis: KinesisClient;
  let cloudWatch: CloudWatchClient;
  const made: Consumer[] = [];
  let names = 0;
  before(async () => {
    server = await start({});
    const config = { endpoint: server.endpoint, region, credentials };
    kinesis = new KinesisClient(config);
    cloudWatch = new CloudWatchClient(config);
  });
  after(async () => {
    await Promise.all(made.map((consumer) => consumer.stop()));
    kinesis.destroy();
    cloudWatch.destroy();
    await server.close();
  });

  /** A stream of one shard with `count` records of ten bytes. */
  const aStream = async (count: number): Promise<string> => {
    const StreamName = `stream-${++names}`;
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const Records = Array.from({ length: count }, () => ({ PartitionKey: 'ada', Data: Buffer.alloc(10) }));
    await poll('the stream', async () => {
      const put = kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      return put.then(
        () => true,
        () => false,
      );
    });
    return StreamName;
  };

  const aConsumer = (applicationName: string, options: Partial<CreateConsumerOptions>): Consumer => {
    const address = { endpoint: server.endpoint, region, credentials };
    const consumer = createConsumer({ ...address, ...TIMES, applicationName, ...options });
    made.push(consumer);
    return consumer;
  };

  /** Runs it until so many records have come, and what else is waited for, and stops it. */
  const consume = async (consumer: Consumer, count: number, isDone = () => true): Promise<void> => {
    let seen = 0;
    const running = consumer.run(() => void seen++);
    await poll('the records', () => seen >= count && isDone());
    await consumer.stop();
    await running;
  };

  /** What is uploaded, instead of CloudWatch. */
  const aSink = () => {
    const inputs: MetricDataInput[] = [];
    const data = () => inputs.flatMap(({ MetricData }) => MetricData);
    const series = (): Set<string> =>
      new Set(
        data().map(({ MetricName, Dimensions }) =>
          [...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`), MetricName].join(' '),
        ),
      );
    const sum = (operation: string, name: string): number =>
      data()
        .filter(({ MetricName, Dimensions }) => MetricName === name && Dimensions[0]?.Value === operation)
        .reduce((total, { StatisticValues }) => total + StatisticValues.Sum, 0);
    return { inputs, series, sum, metricSink: async (input: MetricDataInput) => void inputs.push(input) };
  };

  test('CloudWatch has them under the application’s name, by operation and shard', async () => {
    const streamName = await aStream(7);
    const metricSink = (input: MetricDataInput) => cloudWatch.send(new PutMetricDataCommand(input));
    await consume(aConsumer('watched', { streamName, metricSink, workerId: 'me' }), 7);
    const Dimensions = [
      { Name: 'Operation', Value: 'ProcessTask' },
      { Name: 'ShardId', Value: SHARD },
    ];
    const sumOf = async (MetricName: string): Promise<number | undefined> => {
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'watched',
          MetricName,
          Dimensions,
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 3_600,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    };
    await poll('the upload', async () => (await sumOf('RecordsProcessed')) === 7);
    assert.equal(await sumOf('DataBytesProcessed'), 70);
    const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'watched' }));
    const worker = Metrics.filter(({ Dimensions: of = [] }) => of.some(({ Value }) => Value === 'me'));
    assert(worker.some(({ MetricName }) => MetricName === 'TakenLeases'));
  });

  test('every metric that is uploaded is in the table, and those of a simple life are', async () => {
    const streamName = await aStream(3);
    const { series, sum, metricSink } = aSink();
    const hasRenewed = (): boolean => sum('RenewAllLeases', 'CurrentLeases') > 0;
    await consume(aConsumer('simple', { streamName, metricSink, workerId: 'me' }), 3, hasRenewed);
    for (const text of series()) {
      const [operation = '', name = ''] = [text.split(' ')[0]?.split('=')[1], text.split(' ').at(-1)];
      const { metrics } = OPERATIONS[operation as keyof typeof OPERATIONS];
      assert(Object.hasOwn(metrics, name), text);
    }
    for (const expected of [
      `Operation=ProcessTask ShardId=${SHARD} KinesisDataFetcher.getRecords.Success`,
      `Operation=ProcessTask ShardId=${SHARD} KinesisDataFetcher.getRecords.Time`,
      `Operation=ProcessTask ShardId=${SHARD} RecordProcessor.processRecords.Time`,
      `Operation=ProcessTask ShardId=${SHARD} MillisBehindLatest`,
      `Operation=ProcessTask ShardId=${SHARD} UpdateLease.Success`,
      `Operation=ProcessTask ShardId=${SHARD} Success`,
      `Operation=ProcessTask ShardId=${SHARD} Time`,
      'Operation=ApplicationTracker MillisBehindLatest',
      'Operation=InitializeTask KinesisDataFetcher.getIterator.Success',
      'Operation=InitializeTask RecordProcessor.initialize.Time',
      'Operation=InitializeTask Success',
      'Operation=ShutdownTask RecordProcessor.shutdown.Time',
      'Operation=BlockOnParentShardTask Time',
      'Operation=ShardSyncTask CreateLease.Success',
      'Operation=RenewAllLeases WorkerIdentifier=me Success',
      'Operation=TakeLeases WorkerIdentifier=me TakeLease.Success',
    ]) {
      assert(series().has(expected), `${expected} is not among\n${[...series()].join('\n')}`);
    }
    assert.equal(sum('ShardSyncTask', 'CreateLease.Success'), 1);
    assert.equal(sum('TakeLeases', 'TakenLeases'), 1);
    assert.equal(sum('RenewAllLeases', 'LostLeases'), 0);
  });

  test('a shard’s end is counted, and nothing more of the shard is told afterwards', async () => {
    const streamName = await aStream(1);
    const { inputs, sum, metricSink } = aSink();
    const consumer = aConsumer('ending', { streamName, metricSink });
    const running = consumer.run(() => {});
    await kinesis.send(
      new SplitShardCommand({
        StreamName: streamName,
        ShardToSplit: SHARD,
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await poll('the children', () => sum('ShutdownTask', 'CreateLease.Success') === 2);
    await poll('their work', () => consumer.metrics().leases === 2);
    const count = inputs.length;
    await poll('more uploads', () => inputs.length >= count + 3);
    const later = inputs.slice(count + 1).flatMap(({ MetricData }) => MetricData);
    assert(!later.some(({ Dimensions }) => Dimensions.some(({ Value }) => Value === SHARD)));
    await consumer.stop();
    await running;
  });

  test('with several streams a shard’s metrics carry the stream, whatever the dimensions', async () => {
    const streams = [{ streamName: await aStream(1) }, { streamName: await aStream(2) }];
    const { inputs, sum, series, metricSink } = aSink();
    const metricsDimensions = 'Operation';
    await consume(aConsumer('several', { streams, metricSink, metricsDimensions }), 3);
    assert.equal(sum('ProcessTask', 'RecordsProcessed'), 3);
    const ids = inputs
      .flatMap(({ MetricData }) => MetricData)
      .filter(({ MetricName }) => MetricName === 'RecordsProcessed')
      .map(({ Dimensions }) => Dimensions.map(({ Name }) => Name).join());
    assert.deepEqual(new Set(ids), new Set(['Operation,StreamId']));
    assert(series().has('Operation=TakeLeases TakenLeases'), 'no worker is told');
  });

  test('the level says what is uploaded', async () => {
    const streamName = await aStream(1);
    const summary = aSink();
    await consume(
      aConsumer('summary', { streamName, metricSink: summary.metricSink, metricsLevel: 'summary' }),
      1,
    );
    const has = (name: string): boolean => [...summary.series()].some((text) => text.endsWith(` ${name}`));
    assert(has('RecordsProcessed'));
    assert(!has('KinesisDataFetcher.getRecords.Time'));
    const none = aSink();
    await consume(aConsumer('none', { streamName, metricSink: none.metricSink, metricsLevel: 'none' }), 1);
    assert.deepEqual(none.inputs, []);
  });

  test('an upload that fails is told, and stops nothing', async () => {
    const streamName = await aStream(1);
    const events: ConsumerEvent[] = [];
    const consumer = aConsumer('failing', {
      streamName,
      metricSink: () => Promise.reject(new Error('no network')),
      onEvent: (event) => events.push(event),
    });
    await consume(consumer, 1);
    assert(events.some((event) => event.kind === 'error' && event.during === 'upload metrics'));
  });

  test('an OpenTelemetry meter gets every sample', async () => {
    const streamName = await aStream(4);
    const samples: { name: string; value: number; attributes: object }[] = [];
    const meter: NonNullable<CreateConsumerOptions['meter']> = {
      createHistogram: (name, { unit }) => ({
        record: (value, attributes) => void samples.push({ name: `${name} ${unit}`, value, attributes }),
      }),
    };
    await consume(aConsumer('metered', { streamName, meter }), 4);
    const processed = samples.filter(({ name }) => name === 'ProcessTask.RecordsProcessed 1');
    assert.equal(
      processed.reduce((sum, { value }) => sum + value, 0),
      4,
    );
    assert.deepEqual(processed[0]?.attributes, {
      'aws.kinesis.stream_name': streamName,
      'aws.kinesis.shard_id': SHARD,
    });
  });

  test('how far it is can be asked at any time', async () => {
    const streamName = await aStream(5);
    const consumer = aConsumer('asked', { streamName, workerId: 'me' });
    assert.deepEqual(consumer.metrics(), { workerId: 'me', leases: 0, shards: [] });
    const running = consumer.run(() => {});
    await poll('the records', () => consumer.metrics().shards[0]?.records === 5);
    const shard = { streamName, shardId: SHARD, millisBehindLatest: 0, records: 5, bytes: 50 };
    await poll('the end', () => consumer.metrics().shards[0]?.millisBehindLatest === 0);
    assert.deepEqual(consumer.metrics(), { workerId: 'me', leases: 1, shards: [shard] });
    await consumer.stop();
    await running;
    assert.deepEqual(consumer.metrics().shards, []);
  });

  test('dimensions that are none are refused', () => {
    assert.throws(() => aConsumer('refused', { streamName: 'a', metricsDimensions: 'Operation,Shard' }), {
      code: 'InvalidSettings',
      message: /metricsDimensions must be some of Operation,ShardId,StreamId,WorkerIdentifier/,
    });
  });
});
