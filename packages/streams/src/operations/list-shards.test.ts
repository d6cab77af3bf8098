import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

type World = Awaited<ReturnType<typeof aWorld>>;

const invalid = (message: string) => awsError('InvalidArgumentException', message);

test('paging covers every shard once, as many at a time as asked for', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 25 });
  const first = await world.call('ListShards', { StreamName: name, MaxResults: 10 });
  const seen = [...(first.Shards ?? [])];
  for (let token = first.NextToken; token !== undefined; ) {
    const page = await world.call('ListShards', { NextToken: token, MaxResults: 10 });
    seen.push(...(page.Shards ?? []));
    token = page.NextToken;
  }
  assert.deepEqual(
    seen.map(({ ShardId }) => ShardId),
    Array.from({ length: 25 }, (_, index) => `shardId-${String(index).padStart(12, '0')}`),
  );
});

test('no more than 1,000 shards come back at once', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 1_001 });
  const { Shards, NextToken } = await world.call('ListShards', { StreamName: name, MaxResults: 10_000 });
  assert.equal(Shards?.length, 1_000);
  assert.notEqual(NextToken, undefined);
});

test('a page goes on with the filter of the first', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 5 });
  const ShardFilter = { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' } as const;
  const { NextToken } = await world.call('ListShards', { StreamName: name, ShardFilter, MaxResults: 2 });
  const { Shards } = await world.call('ListShards', { NextToken });
  assert.deepEqual(
    Shards?.map(({ ShardId }) => ShardId),
    ['shardId-000000000004'],
  );
});

test('every filter gives all shards of a stream that was never re-sharded', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  const Timestamp = world.clock.now() - 1_000_000;
  for (const Type of [
    'AT_LATEST',
    'AT_TRIM_HORIZON',
    'FROM_TRIM_HORIZON',
    'AT_TIMESTAMP',
    'FROM_TIMESTAMP',
  ] as const) {
    const { Shards } = await world.call('ListShards', { StreamName: name, ShardFilter: { Type, Timestamp } });
    assert.equal(Shards?.length, 3, Type);
  }
});

const refusals: readonly [string, Parameters<World['call']>[1], string][] = [
  ['neither stream nor token', {}, 'Either NextToken or StreamName should be provided.'],
  [
    'stream and token',
    { StreamName: 'orders', NextToken: 'x' },
    'NextToken and StreamName cannot be provided together.',
  ],
  [
    'creation time and token',
    { StreamCreationTimestamp: 1, NextToken: 'x' },
    'NextToken and StreamCreationTimestamp cannot be provided together.',
  ],
  [
    'start and token',
    { ExclusiveStartShardId: '0', NextToken: 'x' },
    'NextToken and ExclusiveStartShardId cannot be provided together.',
  ],
  ['a token of one’s own', { NextToken: 'x' }, 'Invalid NextToken.'],
  [
    'a filter without its time',
    { StreamName: 'orders', ShardFilter: { Type: 'AT_TIMESTAMP' } },
    'ShardFilter AT_TIMESTAMP requires a Timestamp.',
  ],
  [
    'a filter without its shard',
    { StreamName: 'orders', ShardFilter: { Type: 'AFTER_SHARD_ID' } },
    'ShardFilter AFTER_SHARD_ID requires a ShardId.',
  ],
];

for (const [what, input, text] of refusals) {
  test(`${what} is refused`, async () => {
    await using world = await aWorld();
    await world.aStream('orders');
    await assert.rejects(world.call('ListShards', input as object), invalid(text));
  });
}

test('a token is good for 300 seconds', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 2 });
  const { NextToken } = await world.call('ListShards', { StreamName: name, MaxResults: 1 });
  world.clock.advance(300_001);
  await assert.rejects(world.call('ListShards', { NextToken }), { code: 'ExpiredNextTokenException' });
});

test('a token of another operation is none', async () => {
  await using world = await aWorld();
  for (const name of ['a', 'b']) await world.aStream(name);
  const { NextToken } = await world.call('ListStreams', { Limit: 1 });
  await assert.rejects(world.call('ListShards', { NextToken }), invalid('Invalid NextToken.'));
});

test('a creation time tells the stream from an earlier one of the same name', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const { StreamDescription } = await world.call('DescribeStream', { StreamName: name });
  const { StreamCreationTimestamp } = StreamDescription;
  await world.call('ListShards', { StreamName: name, StreamCreationTimestamp });
  await assert.rejects(
    world.call('ListShards', {
      StreamName: name,
      StreamCreationTimestamp: StreamCreationTimestamp - 1_000,
    }),
    awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`),
  );
});

test('a token of a stream that was deleted finds nothing, even if the name is used again', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 2 });
  const { NextToken } = await world.call('ListShards', { StreamName: name, MaxResults: 1 });
  await world.call('DeleteStream', { StreamName: name });
  await world.untilStatus(name, undefined);
  await world.aStream('orders', { shards: 2 });
  await assert.rejects(
    world.call('ListShards', { NextToken }),
    awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`),
  );
});
