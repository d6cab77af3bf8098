import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld } from '../../test/world.ts';

test('a summary says everything of a new stream but its shards, and never a StreamId', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  const { StreamDescriptionSummary } = await world.call('DescribeStreamSummary', { StreamName: name });
  assert.deepEqual(JSON.parse(JSON.stringify(StreamDescriptionSummary)), {
    StreamName: 'orders',
    StreamARN: `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/orders`,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamCreationTimestamp: 1_790_000_000_000,
    RetentionPeriodHours: 24,
    EncryptionType: 'NONE',
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    OpenShardCount: 3,
    ConsumerCount: 0,
    ChannelCount: 0,
    MaxRecordSizeInKiB: 1024,
  });
});
