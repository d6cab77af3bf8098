import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { ACCOUNT, aWorld, awsError, REGION } from '../../test/world.ts';

const ALL = [
  'IncomingBytes',
  'IncomingRecords',
  'IteratorAgeMilliseconds',
  'OutgoingBytes',
  'OutgoingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
];

test('the answer names the stream both ways, and has the metrics from before and after', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const names = { StreamName, StreamARN: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders` };
  const enabled = await world.call('EnableEnhancedMonitoring', {
    StreamName,
    ShardLevelMetrics: ['OutgoingBytes', 'IncomingBytes'],
  });
  assert.deepEqual(enabled, {
    ...names,
    CurrentShardLevelMetrics: [],
    DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
  });
  const disabled = await world.call('DisableEnhancedMonitoring', {
    StreamARN: names.StreamARN,
    ShardLevelMetrics: ['IncomingBytes', 'IteratorAgeMilliseconds'],
  });
  assert.deepEqual(disabled, {
    ...names,
    CurrentShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    DesiredShardLevelMetrics: ['OutgoingBytes'],
  });
});

test('ALL means every metric, both ways', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const change = { StreamName, ShardLevelMetrics: ['ALL'] } as const;
  const enabled = await world.call('EnableEnhancedMonitoring', change);
  assert.deepEqual(enabled.DesiredShardLevelMetrics, ALL);
  const disabled = await world.call('DisableEnhancedMonitoring', change);
  assert.deepEqual([disabled.CurrentShardLevelMetrics, disabled.DesiredShardLevelMetrics], [ALL, []]);
});

test('descriptions show the metrics, also after a restart', async () => {
  const disk = new MemoryDisk();
  const shown = async (world: Awaited<ReturnType<typeof aWorld>>) => {
    const { StreamDescription } = await world.call('DescribeStream', { StreamName: 'orders' });
    const { StreamDescriptionSummary } = await world.call('DescribeStreamSummary', { StreamName: 'orders' });
    return [StreamDescription.EnhancedMonitoring, StreamDescriptionSummary.EnhancedMonitoring];
  };
  const expected = [{ ShardLevelMetrics: ['IncomingRecords'] }];
  {
    await using world = await aWorld({ disk });
    const StreamName = await world.aStream();
    await world.call('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['IncomingRecords'] });
    assert.deepEqual(await shown(world), [expected, expected]);
  }
  await using restarted = await aWorld({ disk });
  assert.deepEqual(await shown(restarted), [expected, expected]);
});

test('a stream that is not there, or not ready, has no monitoring to change', async () => {
  await using world = await aWorld();
  const ShardLevelMetrics = ['ALL'] as const;
  const missing = world.call('EnableEnhancedMonitoring', { StreamName: 'nowhere', ShardLevelMetrics });
  await assert.rejects(
    missing,
    awsError('ResourceNotFoundException', `Stream nowhere under account ${ACCOUNT} not found.`),
  );
  world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await assert.rejects(
    world.call('DisableEnhancedMonitoring', { StreamName: 'orders', ShardLevelMetrics }),
    awsError(
      'ResourceInUseException',
      `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state CREATING`,
    ),
  );
});
