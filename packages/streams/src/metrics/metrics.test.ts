import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError } from '@millrace/log';
import { aMeter } from '../../test/a-meter.ts';
import { ACCOUNT, aWorld, REGION } from '../../test/world.ts';

const aMeasuredWorld = async () => {
  const measured = aMeter();
  const world = await aWorld({ streams: { meter: measured.meter } });
  return Object.assign(world, { measured });
};

const data = (length: number) => Buffer.alloc(length, 'x');

test('a put record counts in the metrics of its call and of its stream, under AWS’s names', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  await world.call('PutRecord', { StreamName, PartitionKey: 'é', Data: data(10) });
  const { of, identities } = world.measured;
  assert.deepEqual(of('PutRecord.Bytes'), [12]);
  assert.deepEqual(of('PutRecord.Success'), [1]);
  assert.equal(of('PutRecord.Latency')?.length, 1);
  assert.deepEqual(of('IncomingBytes'), [12]);
  assert.deepEqual(of('IncomingRecords'), [1]);
  assert.deepEqual(of('WriteProvisionedThroughputExceeded'), [0]);
  assert.deepEqual(
    identities.find(({ name }) => name === 'IncomingBytes'),
    {
      account: ACCOUNT,
      region: REGION,
      namespace: 'AWS/Kinesis',
      name: 'IncomingBytes',
      unit: 'Bytes',
      dimensions: [['StreamName', 'orders']],
    },
  );
});

test('records of one call that were taken, throttled and failed are told apart', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream('orders', { shards: 3 });
  const { appendAll } = world.engine;
  world.engine.appendAll = async (appends, options) => [
    new LogError('overloaded', 'too much'),
    new LogError('failed', 'broken'),
    ...(await appendAll.call(world.engine, appends.slice(2), options)),
  ];
  const third = (1n << 128n) / 3n;
  const Records = [0n, 1n, 1n, 2n, 2n, 2n].map((shard) => ({
    PartitionKey: 'k',
    ExplicitHashKey: String(shard * third + 5n),
    Data: data(9),
  }));
  await world.call('PutRecords', { StreamName, Records });
  const { of } = world.measured;
  assert.deepEqual(of('PutRecords.TotalRecords'), [6]);
  assert.deepEqual(of('PutRecords.ThrottledRecords'), [1]);
  assert.deepEqual(of('PutRecords.FailedRecords'), [2]);
  assert.deepEqual(of('PutRecords.SuccessfulRecords'), [3]);
  assert.deepEqual(of('PutRecords.Records'), [3]);
  assert.deepEqual(of('PutRecords.Success'), [1]);
  assert.deepEqual(of('PutRecords.Bytes'), [30]);
  assert.deepEqual(of('IncomingRecords'), [3]);
  assert.deepEqual(of('WriteProvisionedThroughputExceeded'), [1]);
});

test('a throttled put record is no success', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  world.engine.append = () => Promise.reject(new LogError('overloaded', 'too much'));
  await assert.rejects(world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: data(1) }));
  const { of } = world.measured;
  assert.deepEqual(of('PutRecord.Success'), [0]);
  assert.deepEqual(of('WriteProvisionedThroughputExceeded'), [1]);
  assert.equal(of('IncomingRecords'), undefined);
});

test('what a shard had no room for shows in the metric of that shard, where it is asked for', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  const ShardLevelMetrics = ['WriteProvisionedThroughputExceeded' as const];
  await world.call('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics });
  await world.untilStatus(StreamName, 'ACTIVE');
  const overloaded = new LogError('overloaded', 'too much');
  world.engine.append = () => Promise.reject(overloaded);
  world.engine.appendAll = async (appends) => appends.map(() => overloaded);
  const record = { PartitionKey: 'k', Data: data(1) };
  await assert.rejects(world.call('PutRecord', { StreamName, ...record }));
  await world.call('PutRecords', { StreamName, Records: [record, record] });
  const { of } = world.measured;
  assert.deepEqual(of('WriteProvisionedThroughputExceeded/shardId-000000000000'), [1, 1, 1]);
  assert.deepEqual(of('WriteProvisionedThroughputExceeded'), [1, 2]);
});

test('dry runs and calls for streams that are not there leave no metrics', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  const record = { PartitionKey: 'k', Data: data(1) };
  await assert.rejects(world.call('PutRecord', { StreamName, ...record, DryRun: true }));
  await assert.rejects(world.call('PutRecord', { StreamName: 'nowhere', ...record }));
  await assert.rejects(world.call('PutRecord', record));
  assert.deepEqual(world.measured.keys(), []);
});

test('a get counts its records, its bytes and how old the last one is', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  await world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: data(4) });
  world.clock.advance(1_500);
  await world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: data(4) });
  world.clock.advance(500);
  const ShardIterator = await world.iteratorOf(StreamName);
  const { NextShardIterator } = await world.call('GetRecords', { ShardIterator, Limit: 1 });
  assert.ok(NextShardIterator);
  await world.call('GetRecords', { ShardIterator: NextShardIterator });
  const { of } = world.measured;
  assert.deepEqual(of('GetRecords.Records'), [1, 1]);
  assert.deepEqual(of('GetRecords.Bytes'), [5, 5]);
  assert.deepEqual(of('GetRecords.IteratorAgeMilliseconds'), [2_000, 0]);
  assert.deepEqual(of('GetRecords.Success'), [1, 1]);
  assert.deepEqual(of('ReadProvisionedThroughputExceeded'), [0, 0]);
  assert.equal(of('GetRecords.Latency')?.length, 2);
});

test('a get that fails is no success', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  const ShardIterator = await world.iteratorOf(StreamName);
  world.engine.read = () => Promise.reject(new LogError('corrupt', 'bad'));
  await assert.rejects(world.call('GetRecords', { ShardIterator }));
  assert.deepEqual(world.measured.of('GetRecords.Success'), [0]);
});

test('shards have the metrics that enhanced monitoring asked for, and no others', async () => {
  await using world = await aMeasuredWorld();
  const StreamName = await world.aStream();
  const put = () => world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: data(4) });
  await put();
  const ShardLevelMetrics = ['IncomingBytes', 'OutgoingRecords'] as const;
  await world.call('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics });
  await put();
  await world.call('PutRecords', { StreamName, Records: [{ PartitionKey: 'k', Data: data(5) }] });
  await world.call('GetRecords', { ShardIterator: await world.iteratorOf(StreamName) });
  await world.call('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['ALL'] });
  await put();
  const { of, keys } = world.measured;
  assert.deepEqual(of('IncomingBytes/shardId-000000000000'), [5, 6]);
  assert.deepEqual(of('OutgoingRecords/shardId-000000000000'), [3]);
  assert.equal(keys().filter((key) => key.includes('shardId')).length, 2);
  assert.deepEqual(of('IncomingBytes'), [5, 5, 6, 5]);
});
