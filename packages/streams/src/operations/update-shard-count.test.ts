import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divideHashKeySpace } from '@millrace/core';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

type World = Awaited<ReturnType<typeof aWorld>>;

const scale = async (world: World, StreamName: string, TargetShardCount: number) => {
  const answer = await world.call('UpdateShardCount', {
    StreamName,
    TargetShardCount,
    ScalingType: 'UNIFORM_SCALING',
  });
  await world.untilStatus(StreamName, 'ACTIVE');
  return answer;
};

const shardsOf = async (world: World, StreamName: string) =>
  (await world.call('ListShards', { StreamName })).Shards ?? [];

const openRanges = async (world: World, name: string) =>
  (await shardsOf(world, name))
    .filter(({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber === undefined)
    .map(({ HashKeyRange: range }) => ({
      start: BigInt(range.StartingHashKey),
      end: BigInt(range.EndingHashKey),
    }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));

test('the answer has the counts before and after, and both names of the stream', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 2 });
  assert.deepEqual(await scale(world, name, 3), {
    StreamName: name,
    StreamARN: `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/orders`,
    CurrentShardCount: 2,
    TargetShardCount: 3,
  });
});

test('up and down, the open shards end as CreateStream would divide them', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 2 });
  for (const count of [3, 7, 200, 5, 1]) {
    await scale(world, name, count);
    assert.deepEqual(await openRanges(world, name), divideHashKeySpace(count));
  }
});

test('on the way every shard is divided in two, or joined with one other', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  await scale(world, name, 5);
  const shards = await shardsOf(world, name);
  for (const { ShardId, SequenceNumberRange } of shards) {
    const children = shards.filter((child) =>
      [child.ParentShardId, child.AdjacentParentShardId].includes(ShardId),
    );
    const isClosed = SequenceNumberRange.EndingSequenceNumber !== undefined;
    assert.equal(children.length > 0, isClosed);
    assert.equal(children.length, children[0]?.AdjacentParentShardId ? 1 : isClosed ? 2 : 0);
  }
});

test('records go on being taken while hundreds of shards change', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 1 });
  const scaling = scale(world, name, 300);
  const texts = Array.from({ length: 100 }, (_, index) => `r${index}`);
  await world.putAll(name, texts);
  await scaling;
  let count = 0;
  for (const { ShardId } of await shardsOf(world, name)) {
    count += (await world.readFrom(name, { ShardId })).length;
  }
  assert.equal(count, texts.length);
});

test('a count that the quota does not allow is refused', async () => {
  await using world = await aWorld({ streams: { shardsMax: 5 } });
  const name = await world.aStream('orders', { shards: 2 });
  await assert.rejects(scale(world, name, 6), { code: 'LimitExceededException' });
  await scale(world, name, 5);
});

test('the shards of an on-demand stream are not the caller’s to count', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await assert.rejects(
    scale(world, name, 8),
    awsError(
      'ValidationException',
      `Request is invalid. Stream orders under account ${ACCOUNT} is in On-Demand mode.`,
    ),
  );
});
