import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

test('a description says everything of a new stream', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 2 });
  const { StreamDescription } = await world.call('DescribeStream', { StreamName: name });
  const { Shards, ...rest } = StreamDescription;
  assert.deepEqual(rest, {
    StreamName: 'orders',
    StreamARN: `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/orders`,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamCreationTimestamp: 1_790_000_000_000,
    RetentionPeriodHours: 24,
    EncryptionType: 'NONE',
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    HasMoreShards: false,
  });
  assert.deepEqual(
    Shards.map(({ ShardId, HashKeyRange }) => [ShardId, HashKeyRange]),
    [
      [
        'shardId-000000000000',
        { StartingHashKey: '0', EndingHashKey: '170141183460469231731687303715884105727' },
      ],
      [
        'shardId-000000000001',
        {
          StartingHashKey: '170141183460469231731687303715884105728',
          EndingHashKey: '340282366920938463463374607431768211455',
        },
      ],
    ],
  );
});

test('an open shard has a starting number below its first record, and no ending number', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const [first] = await world.putAll(name, ['a']);
  const { StreamDescription } = await world.call('DescribeStream', { StreamName: name });
  const range = StreamDescription.Shards[0]?.SequenceNumberRange;
  assert.ok(BigInt(range?.StartingSequenceNumber ?? '') < BigInt(first?.SequenceNumber ?? ''));
  assert.equal(range?.EndingSequenceNumber, undefined);
});

test('at most 100 shards come back, and paging covers every shard once', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 250 });
  const sizes = [];
  const seen = [];
  let ExclusiveStartShardId: string | undefined;
  for (let more = true; more; ) {
    const { StreamDescription } = await world.call('DescribeStream', {
      StreamName: name,
      ExclusiveStartShardId,
      Limit: 10_000,
    });
    sizes.push(StreamDescription.Shards.length);
    seen.push(...StreamDescription.Shards.map(({ ShardId }) => ShardId));
    ExclusiveStartShardId = seen.at(-1);
    more = StreamDescription.HasMoreShards;
  }
  assert.deepEqual(sizes, [100, 100, 50]);
  assert.equal(new Set(seen).size, 250);
});

test('a start that is no shard id is refused', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await assert.rejects(
    world.call('DescribeStream', { StreamName: name, ExclusiveStartShardId: 'shardId' }),
    awsError(
      'ResourceNotFoundException',
      `Could not find shard shardId in stream orders under account ${ACCOUNT}.`,
    ),
  );
});
