import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError, REGION } from '../../test/world.ts';

test('a new stream is CREATING at first and becomes ACTIVE without further calls', async () => {
  await using world = await aWorld();
  const release = world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 2 });
  assert.equal(world.statusOf('orders'), 'CREATING');
  release();
  await world.untilStatus('orders', 'ACTIVE');
});

test('a stream that is CREATING shows no shards, as on AWS', async () => {
  await using world = await aWorld();
  world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 2 });
  const { StreamDescription } = await world.call('DescribeStream', { StreamName: 'orders' });
  assert.deepEqual([StreamDescription.StreamStatus, StreamDescription.Shards], ['CREATING', []]);
});

test('a name that is taken is refused', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await assert.rejects(
    world.call('CreateStream', { StreamName: name, ShardCount: 1 }),
    awsError('ResourceInUseException', `Stream orders under account ${ACCOUNT} already exists.`),
  );
});

test('of two streams of one name created at once one is refused', async () => {
  await using world = await aWorld();
  const create = () => world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  const results = await Promise.allSettled([create(), create()]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
});

test('the same name is free in another region', async () => {
  await using world = await aWorld();
  await world.aStream('orders');
  await world.callIn('us-east-1')('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  const { StreamNames } = await world.callIn('us-east-1')('ListStreams', {});
  assert.deepEqual(StreamNames, ['orders']);
});

test('a provisioned stream needs a shard count', async () => {
  await using world = await aWorld();
  await assert.rejects(
    world.call('CreateStream', { StreamName: 'orders' }),
    awsError(
      'ValidationException',
      "1 validation error detected: Value null at 'shardCount' failed to satisfy constraint: Member must not be null",
    ),
  );
});

test('an on-demand stream starts with four shards', async () => {
  await using world = await aWorld();
  await world.call('CreateStream', {
    StreamName: 'orders',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  await world.untilStatus('orders', 'ACTIVE');
  const { StreamDescriptionSummary: summary } = await world.call('DescribeStreamSummary', {
    StreamName: 'orders',
  });
  assert.equal(summary.OpenShardCount, 4);
  assert.deepEqual(summary.StreamModeDetails, { StreamMode: 'ON_DEMAND' });
  assert.equal(summary.RecordDistributionStrategy, 'USER_PARTITION_KEY');
});

test('shards above the quota of the account are refused with the counts', async () => {
  await using world = await aWorld({ streams: { shardsMax: 5 } });
  await world.aStream('a', { shards: 3 });
  await assert.rejects(
    world.call('CreateStream', { StreamName: 'b', ShardCount: 2_000_000_000 }),
    awsError(
      'LimitExceededException',
      `This request would exceed the shard limit for the account ${ACCOUNT} in ${REGION}. Current shard count for the account: 3. Limit: 5. Number of additional shards that would have resulted from this request: 2000000000. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
    ),
  );
});

test('tags and record size hold from the start', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { MaxRecordSizeInKiB: 2048, Tags: { team: 'blue' } });
  const { Tags } = await world.call('ListTagsForStream', { StreamName: name });
  assert.deepEqual(Tags, [{ Key: 'team', Value: 'blue' }]);
  const { StreamDescriptionSummary: summary } = await world.call('DescribeStreamSummary', {
    StreamName: name,
  });
  assert.equal(summary.MaxRecordSizeInKiB, 2048);
});

test('tags with characters that AWS does not take make no stream', async () => {
  await using world = await aWorld();
  await assert.rejects(
    world.call('CreateStream', { StreamName: 'orders', ShardCount: 1, Tags: { 'a;b': '' } }),
    { code: 'InvalidArgumentException' },
  );
  assert.equal(world.statusOf('orders'), undefined);
});
