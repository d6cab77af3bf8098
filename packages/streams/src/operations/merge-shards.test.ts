import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const SHARD = (index: number) => `shardId-${String(index).padStart(12, '0')}`;

type World = Awaited<ReturnType<typeof aWorld>>;

const merge = (world: World, StreamName: string, ShardToMerge: string, AdjacentShardToMerge: string) =>
  world.call('MergeShards', { StreamName, ShardToMerge, AdjacentShardToMerge });

test('two neighbours become one shard, which names both as its parents', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  assert.equal(await merge(world, name, 'a-0', '1'), undefined);
  await world.untilStatus(name, 'ACTIVE');
  const { Shards = [] } = await world.call('ListShards', { StreamName: name });
  const child = Shards[3];
  assert.deepEqual([child?.ParentShardId, child?.AdjacentParentShardId], [SHARD(0), SHARD(1)]);
  assert.deepEqual(child?.HashKeyRange, {
    StartingHashKey: Shards[0]?.HashKeyRange.StartingHashKey,
    EndingHashKey: Shards[1]?.HashKeyRange.EndingHashKey,
  });
  assert.deepEqual(
    Shards.map(({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber !== undefined),
    [true, true, false, false],
  );
});

test('the child in the answer at the end of either parent lists exactly both parents', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 2 });
  await merge(world, name, SHARD(0), SHARD(1));
  await world.untilStatus(name, 'ACTIVE');
  for (const ShardId of [SHARD(0), SHARD(1)]) {
    const ShardIterator = await world.iteratorOf(name, { ShardId });
    const { ChildShards } = await world.call('GetRecords', { ShardIterator });
    assert.deepEqual(
      ChildShards?.map(({ ShardId: id, ParentShards }) => [id, ParentShards]),
      [[SHARD(2), [SHARD(0), SHARD(1)]]],
    );
  }
});

const notAdjacent = (a: number, b: number) =>
  awsError(
    'InvalidArgumentException',
    `Shards ${SHARD(a)} and ${SHARD(b)} in stream orders under account ${ACCOUNT} are not an adjacent pair of shards eligible for merging`,
  );

test('shards apart, in the wrong order or the same are no pair', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  await assert.rejects(merge(world, name, 'x-0', 'x-2'), notAdjacent(0, 2));
  await assert.rejects(merge(world, name, 'x-1', 'x-0'), notAdjacent(1, 0));
  await assert.rejects(merge(world, name, 'x-1', 'x-1'), notAdjacent(1, 1));
});

test('either shard that is none or not there is named', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  const missing = (text: string) =>
    awsError(
      'ResourceNotFoundException',
      `Could not find shard ${text} in stream orders under account ${ACCOUNT}.`,
    );
  await assert.rejects(merge(world, name, '2147483648', '0'), missing('2147483648'));
  await assert.rejects(merge(world, name, '0', '2.14E4'), missing('2.14E4'));
  await assert.rejects(merge(world, name, 'shardId-5', '0'), missing(SHARD(5)));
  await assert.rejects(merge(world, name, '0', 'shardId-5'), missing(SHARD(5)));
});
