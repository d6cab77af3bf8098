import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { ManualClock } from '@millrace/log/conformance';
import { ACCOUNT, aWorld, awsError, HOUR_MS, REGION } from '../../test/world.ts';
import { limitsOf } from '../limits/limits.ts';

const KIB = 1024;
const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
const PROVISIONED = { StreamModeDetails: { StreamMode: 'PROVISIONED' } } as const;
const ENABLED = { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } } as const;
const DISABLED = { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } } as const;
const arnOf = (name: string) => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;

type World = Awaited<ReturnType<typeof aWorld>>;

const summaryOf = async (world: World, StreamName: string) =>
  (await world.call('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary;

test('a changed record size holds for the next record, and not for those there are', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const put = (bytes: number) =>
    world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.alloc(bytes - 1) });
  await assert.rejects(put(2_048 * KIB), { code: 'InvalidArgumentException' });
  await world.call('UpdateMaxRecordSize', { StreamARN: arnOf(StreamName), MaxRecordSizeInKiB: 2_048 });
  await put(2_048 * KIB);
  assert.equal((await summaryOf(world, StreamName)).MaxRecordSizeInKiB, 2_048);
  await world.call('UpdateMaxRecordSize', { StreamARN: arnOf(StreamName), MaxRecordSizeInKiB: 1_024 });
  await assert.rejects(put(2_048 * KIB));
  assert.equal((await world.readFrom(StreamName)).length, 1);
});

test('a record size cannot change in a stream that is unknown or CREATING', async () => {
  await using world = await aWorld();
  const update = () =>
    world.call('UpdateMaxRecordSize', { StreamARN: arnOf('orders'), MaxRecordSizeInKiB: 2_048 });
  await assert.rejects(update(), { code: 'ResourceNotFoundException' });
  world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await assert.rejects(update(), { code: 'ResourceInUseException' });
});

test('a stream changes its mode and keeps its shards and records; then nobody may split them by hand', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', { shards: 2 });
  await world.putAll(StreamName, ['a']);
  const StreamARN = arnOf(StreamName);
  await world.call('UpdateStreamMode', { StreamARN, ...ON_DEMAND });
  await world.untilStatus(StreamName, 'ACTIVE');
  const summary = await summaryOf(world, StreamName);
  assert.deepEqual([summary.OpenShardCount, summary.StreamModeDetails?.StreamMode], [2, 'ON_DEMAND']);
  await assert.rejects(
    world.call('UpdateShardCount', { StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }),
    awsError(
      'ValidationException',
      `Request is invalid. Stream orders under account ${ACCOUNT} is in On-Demand mode.`,
    ),
  );
  await world.call('UpdateStreamMode', { StreamARN, ...PROVISIONED });
  await world.untilStatus(StreamName, 'ACTIVE');
  await world.call('UpdateShardCount', { StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' });
});

test('with AWS’s limits a mode changes twice in 24 hours', async () => {
  await using world = await aWorld({ streams: { limits: limitsOf('aws') } });
  const StreamName = await world.aStream();
  const change = async (mode: typeof ON_DEMAND | typeof PROVISIONED) => {
    await world.call('UpdateStreamMode', { StreamARN: arnOf(StreamName), ...mode });
    await world.untilStatus(StreamName, 'ACTIVE');
  };
  await change(ON_DEMAND);
  await change(ON_DEMAND);
  await change(PROVISIONED);
  await assert.rejects(change(ON_DEMAND), { code: 'LimitExceededException' });
  world.clock.advance(24 * HOUR_MS);
  await change(ON_DEMAND);
});

test('a commitment cannot end in its first 24 hours, and its end can be taken back until then', async () => {
  await using world = await aWorld({ streams: { limits: limitsOf('aws') } });
  const startedAt = world.clock.now();
  const describe = async () =>
    (await world.call('DescribeAccountSettings', {})).MinimumThroughputBillingCommitment;
  assert.deepEqual(await describe(), { Status: 'DISABLED' });
  await world.call('UpdateAccountSettings', ENABLED);
  const times = { StartedAt: startedAt, EarliestAllowedEndAt: startedAt + 24 * HOUR_MS };
  assert.deepEqual(await describe(), { Status: 'ENABLED', ...times });
  world.clock.advance(HOUR_MS);
  const ending = { Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END', ...times };
  assert.deepEqual(await world.call('UpdateAccountSettings', DISABLED), {
    MinimumThroughputBillingCommitment: ending,
  });
  await world.call('UpdateAccountSettings', ENABLED);
  assert.equal((await describe())?.Status, 'ENABLED');
  await world.call('UpdateAccountSettings', DISABLED);
  world.clock.advance(23 * HOUR_MS);
  assert.deepEqual(await describe(), { Status: 'DISABLED', EndedAt: startedAt + 24 * HOUR_MS });
});

test('settings are those of an account in a region, and outlast a restart', async () => {
  const store = { clock: new ManualClock(), disk: new MemoryDisk() };
  const first = await aWorld(store);
  await first.call('UpdateAccountSettings', ENABLED);
  await first.close();
  await using world = await aWorld(store);
  const statusIn = async (region: string, account?: string) =>
    (await world.callIn(region, account)('DescribeAccountSettings', {})).MinimumThroughputBillingCommitment
      ?.Status;
  assert.deepEqual(
    [await statusIn(REGION), await statusIn('us-east-1'), await statusIn(REGION, '999999999999')],
    ['ENABLED', 'DISABLED', 'DISABLED'],
  );
});

test('warm throughput needs the commitment and an on-demand stream', async () => {
  await using world = await aWorld();
  const onDemand = await world.aStream('a', ON_DEMAND);
  const provisioned = await world.aStream('b');
  const warm = (StreamName: string, WarmThroughputMiBps = 8) =>
    world.call('UpdateStreamWarmThroughput', { StreamName, WarmThroughputMiBps });
  await assert.rejects(warm(onDemand), {
    code: 'InvalidArgumentException',
    message: `Warm throughput needs MinimumThroughputBillingCommitment to be enabled for the account ${ACCOUNT}.`,
  });
  const create = { StreamName: 'c', ...ON_DEMAND, WarmThroughputMiBps: 8 };
  await assert.rejects(world.call('CreateStream', create), { code: 'InvalidArgumentException' });
  await world.call('UpdateAccountSettings', ENABLED);
  await assert.rejects(warm(provisioned), { code: 'InvalidArgumentException' });
  await assert.rejects(warm(onDemand, 10_241), { code: 'LimitExceededException' });
  await assert.rejects(
    world.call('CreateStream', { StreamName: 'c', ShardCount: 1, WarmThroughputMiBps: 8 }),
    { code: 'InvalidArgumentException' },
  );
  assert.equal(world.statusOf('c'), undefined);
});

test('warm throughput is there once the stream is ACTIVE again', async () => {
  await using world = await aWorld();
  await world.call('UpdateAccountSettings', ENABLED);
  const StreamName = await world.aStream('orders', ON_DEMAND);
  assert.equal((await summaryOf(world, StreamName)).WarmThroughput, undefined);
  const answer = await world.call('UpdateStreamWarmThroughput', { StreamName, WarmThroughputMiBps: 10 });
  assert.deepEqual(answer, {
    StreamARN: arnOf(StreamName),
    StreamName,
    WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 4 },
  });
  await world.untilStatus(StreamName, 'ACTIVE');
  const summary = await summaryOf(world, StreamName);
  assert.deepEqual(summary.WarmThroughput, { TargetMiBps: 10, CurrentMiBps: 10 });
  assert.equal(summary.OpenShardCount, 10);
});

test('a new stream and one that becomes on-demand can have warm throughput from the start', async () => {
  await using world = await aWorld();
  await world.call('UpdateAccountSettings', ENABLED);
  const made = await world.aStream('a', { ...ON_DEMAND, WarmThroughputMiBps: 6 });
  const changed = await world.aStream('b');
  const warm = { StreamARN: arnOf(changed), WarmThroughputMiBps: 5 };
  await assert.rejects(world.call('UpdateStreamMode', { ...warm, ...PROVISIONED }), {
    code: 'InvalidArgumentException',
  });
  await world.call('UpdateStreamMode', { ...warm, ...ON_DEMAND });
  await world.untilStatus(changed, 'ACTIVE');
  for (const [name, mibps] of [
    [made, 6],
    [changed, 5],
  ] as const) {
    const { OpenShardCount, WarmThroughput } = await summaryOf(world, name);
    assert.deepEqual([OpenShardCount, WarmThroughput], [mibps, { TargetMiBps: mibps, CurrentMiBps: mibps }]);
  }
});

const anAutoStream = (world: World) =>
  world.aStream('orders', { ...ON_DEMAND, RecordDistributionStrategy: 'AUTO' });

const countsOf = async (world: World, StreamName: string) => {
  const counts = [];
  for (let shard = 0; shard < 4; shard++) {
    const ShardId = `shardId-${String(shard).padStart(12, '0')}`;
    counts.push((await world.readFrom(StreamName, { ShardId })).length);
  }
  return counts;
};

test('with AUTO records spread evenly over the open shards, whatever their keys', async () => {
  await using world = await aWorld();
  const StreamName = await anAutoStream(world);
  const Records = Array.from({ length: 400 }, () => ({
    PartitionKey: 'always the same',
    ExplicitHashKey: '0',
    Data: Buffer.from('v'),
  }));
  await world.call('PutRecords', { StreamName, Records });
  assert.deepEqual(await countsOf(world, StreamName), [100, 100, 100, 100]);
  for (let count = 0; count < 8; count++) {
    await world.call('PutRecord', { StreamName, Data: Buffer.from('v') });
  }
  assert.deepEqual(await countsOf(world, StreamName), [102, 102, 102, 102]);
});

test('with AUTO a key that was sent comes back, and one that was not is absent', async () => {
  await using world = await aWorld();
  const StreamName = await anAutoStream(world);
  await world.call('PutRecord', { StreamName, Data: Buffer.from('v') });
  for (let count = 0; count < 4; count++) {
    await world.call('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.from('v') });
  }
  const { Records } = await world.call('GetRecords', { ShardIterator: await world.iteratorOf(StreamName) });
  assert.deepEqual(
    Records.map(({ PartitionKey }) => PartitionKey),
    [undefined, 'k'],
  );
});

test('the distribution changes at once, for new records, and back to keys that are needed', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', ON_DEMAND);
  const StreamARN = arnOf(StreamName);
  const set = (RecordDistributionStrategy: 'AUTO' | 'USER_PARTITION_KEY') =>
    world.call('UpdateStreamRecordDistributionStrategy', { StreamARN, RecordDistributionStrategy });
  const put = () => world.call('PutRecord', { StreamName, Data: Buffer.from('v') });
  await assert.rejects(put(), { code: 'ValidationException' });
  await set('AUTO');
  await put();
  assert.equal((await summaryOf(world, StreamName)).RecordDistributionStrategy, 'AUTO');
  await assert.rejects(world.call('UpdateStreamMode', { StreamARN, ...PROVISIONED }), {
    code: 'InvalidArgumentException',
  });
  await set('USER_PARTITION_KEY');
  await assert.rejects(put(), { code: 'ValidationException' });
});

test('a provisioned stream has no AUTO', async () => {
  await using world = await aWorld();
  const StreamARN = arnOf(await world.aStream());
  const update = { StreamARN, RecordDistributionStrategy: 'AUTO' } as const;
  await assert.rejects(world.call('UpdateStreamRecordDistributionStrategy', update), {
    code: 'InvalidArgumentException',
  });
  await assert.rejects(
    world.call('CreateStream', { StreamName: 'b', ShardCount: 1, RecordDistributionStrategy: 'AUTO' }),
    { code: 'InvalidArgumentException' },
  );
  await world.call('UpdateStreamRecordDistributionStrategy', {
    ...update,
    RecordDistributionStrategy: 'USER_PARTITION_KEY',
  });
});
