import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError, HOUR_MS, REGION } from '../../test/world.ts';
import { limitsOf } from './limits.ts';

const MIB = 1024 * 1024;
const SHARD = 'shardId-000000000000';
const throttled = awsError(
  'ProvisionedThroughputExceededException',
  `Rate exceeded for shard ${SHARD} in stream orders under account ${ACCOUNT}.`,
);

const aLimitedWorld = (overrides: Record<string, number> = {}) =>
  aWorld({ streams: { limits: limitsOf('aws', overrides) } });

test('a shard takes 1,000 records a second', async () => {
  await using world = await aLimitedWorld();
  const StreamName = await world.aStream();
  const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: Buffer.from('v') }));
  const put = () => world.call('PutRecords', { StreamName, Records });
  assert.equal((await put()).FailedRecordCount, 0);
  assert.equal((await put()).FailedRecordCount, 0);
  const one = { StreamName, PartitionKey: 'k', Data: Buffer.from('v') };
  await assert.rejects(world.call('PutRecord', one), throttled);
  world.clock.advance(1);
  await world.call('PutRecord', one);
  world.clock.advance(1_000);
  assert.equal((await put()).FailedRecordCount, 0);
});

test('records that a shard has no room for fail alone, each with its shard’s text, and the others are in', async () => {
  await using world = await aLimitedWorld({ 'shard-write-records-per-second': 2 });
  const StreamName = await world.aStream('orders', { shards: 2 });
  const Records = [0, 1, 0, 0, 1].map((shard, index) => ({
    PartitionKey: `k${index}`,
    ExplicitHashKey: String(BigInt(shard) << 127n),
    Data: Buffer.from(`v${index}`),
  }));
  const answer = await world.call('PutRecords', { StreamName, Records });
  assert.equal(answer.FailedRecordCount, 1);
  assert.deepEqual(answer.Records[3], {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard ${SHARD} in stream orders under account ${ACCOUNT}.`,
  });
  assert.deepEqual(await world.readFrom(StreamName), ['v0', 'v2']);
});

test('a shard takes 1 MiB a second, and a record of 10 MiB from what it has saved', async () => {
  await using world = await aLimitedWorld();
  const StreamName = await world.aStream('orders', { MaxRecordSizeInKiB: 10_240 });
  const put = (bytes: number) =>
    world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.alloc(bytes - 1) });
  await put(MIB);
  await assert.rejects(put(1_000), throttled);
  await put(10 * MIB);
  await assert.rejects(put(10 * MIB), throttled);
  world.clock.advance(1_000);
  await put(MIB);
  world.clock.advance(10_000);
  await put(10 * MIB);
});

test('a dry run costs no throughput', async () => {
  await using world = await aLimitedWorld({ 'shard-write-records-per-second': 1 });
  const StreamName = await world.aStream();
  const one = { StreamName, PartitionKey: 'k', Data: Buffer.from('v') };
  for (let count = 0; count < 3; count++) {
    await assert.rejects(world.call('PutRecord', { ...one, DryRun: true }), {
      code: 'DryRunOperationException',
    });
  }
  await world.call('PutRecord', one);
});

test('a shard answers five GetRecords and five GetShardIterator a second', async () => {
  await using world = await aLimitedWorld();
  const StreamName = await world.aStream();
  const ShardIterator = await world.iteratorOf(StreamName);
  for (let count = 0; count < 5; count++) await world.call('GetRecords', { ShardIterator });
  await assert.rejects(world.call('GetRecords', { ShardIterator }), throttled);
  for (let count = 0; count < 4; count++) await world.iteratorOf(StreamName);
  await assert.rejects(world.iteratorOf(StreamName), throttled);
  world.clock.advance(200);
  await world.call('GetRecords', { ShardIterator });
  await world.iteratorOf(StreamName);
});

test('after an answer of 10 MiB the shard rests for 5 seconds', async () => {
  await using world = await aLimitedWorld();
  const StreamName = await world.aStream('orders', { MaxRecordSizeInKiB: 10_240 });
  await world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.alloc(10 * MIB - 1) });
  const ShardIterator = await world.iteratorOf(StreamName);
  const get = () => world.call('GetRecords', { ShardIterator });
  assert.equal((await get()).Records.length, 1);
  world.clock.advance(4_999);
  await assert.rejects(get(), throttled);
  world.clock.advance(1);
  assert.equal((await get()).Records.length, 1);
});

test('five streams may be CREATING at a time', async () => {
  await using world = await aLimitedWorld();
  world.holdLogs();
  for (let count = 0; count < 5; count++) {
    await world.call('CreateStream', { StreamName: `s${count}`, ShardCount: 1 });
  }
  await assert.rejects(world.call('CreateStream', { StreamName: 's5', ShardCount: 1 }), {
    code: 'LimitExceededException',
  });
  await world.callIn('us-east-1')('CreateStream', { StreamName: 's5', ShardCount: 1 });
});

test('on-demand streams of an account have a bound of their own, which DescribeLimits tells', async () => {
  await using world = await aLimitedWorld({ 'on-demand-streams': 1 });
  const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
  await world.aStream('a', onDemand);
  const message = `This request would exceed the on-demand stream limit for the account ${ACCOUNT} in ${REGION}. Current on-demand stream count for the account: 1. Limit: 1.`;
  await assert.rejects(
    world.call('CreateStream', { StreamName: 'b', ...onDemand }),
    awsError('LimitExceededException', message),
  );
  const name = await world.aStream('c');
  const StreamARN = world.catalog.state.streams.find(ACCOUNT, REGION, name)?.arn ?? '';
  await assert.rejects(world.call('UpdateStreamMode', { StreamARN, ...onDemand }), {
    code: 'LimitExceededException',
    message,
  });
  const limits = await world.call('DescribeLimits', {});
  assert.deepEqual([limits.OnDemandStreamCount, limits.OnDemandStreamCountLimit], [1, 1]);
});

test('a shard count at most doubles or halves', async () => {
  await using world = await aLimitedWorld();
  const StreamName = await world.aStream('orders', { shards: 4 });
  const scale = (TargetShardCount: number) =>
    world.call('UpdateShardCount', { StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
  await assert.rejects(
    scale(9),
    awsError(
      'InvalidArgumentException',
      'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 4 Target shard count: 9',
    ),
  );
  await assert.rejects(scale(1), { code: 'InvalidArgumentException', message: /down below half/ });
  await assert.rejects(scale(10_001), { code: 'LimitExceededException' });
  assert.equal((await scale(8)).TargetShardCount, 8);
});

test('a shard count changes as often in 24 hours as the quota says; refused changes do not count', async () => {
  await using world = await aLimitedWorld({ 'shard-count-updates-per-day': 2 });
  const StreamName = await world.aStream('orders', { shards: 2 });
  const scale = async (TargetShardCount: number) => {
    await world.call('UpdateShardCount', { StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
    await world.untilStatus(StreamName, 'ACTIVE');
  };
  await assert.rejects(scale(100));
  await scale(3);
  await scale(4);
  await assert.rejects(scale(3), {
    code: 'LimitExceededException',
    message: `Rate exceeded for stream orders under account ${ACCOUNT}: UpdateShardCount is possible 2 times in 24 hours.`,
  });
  world.clock.advance(24 * HOUR_MS);
  await scale(3);
});

test('a slow day: a stream stays CREATING, UPDATING and DELETING for as long as it was told to', async () => {
  await using world = await aLimitedWorld({
    'creating-ms': 5_000,
    'updating-ms': 3_000,
    'deleting-ms': 2_000,
  });
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  const settled = () => new Promise((wake) => setImmediate(wake));
  const lasts = async (status: string, ms: number, next: string | undefined) => {
    for (let turn = 0; turn < 20; turn++) await settled();
    world.clock.advance(ms - 1);
    for (let turn = 0; turn < 20; turn++) await settled();
    assert.equal(world.statusOf('orders'), status);
    world.clock.advance(1);
    await world.untilStatus('orders', next);
  };
  await lasts('CREATING', 5_000, 'ACTIVE');
  await world.call('SplitShard', { StreamName: 'orders', ShardToSplit: SHARD, NewStartingHashKey: '1000' });
  await lasts('UPDATING', 3_000, 'ACTIVE');
  const { StreamDescriptionSummary } = await world.call('DescribeStreamSummary', { StreamName: 'orders' });
  assert.equal(StreamDescriptionSummary.OpenShardCount, 2);
  await world.call('DeleteStream', { StreamName: 'orders' });
  await lasts('DELETING', 2_000, undefined);
});
