import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError, HOUR_MS } from '../../test/world.ts';
import { RetentionSweeper } from '../retention-sweeper.ts';

const MIDDLE = '170141183460469231731687303715884105728';
const PARENT = 'shardId-000000000000';

type World = Awaited<ReturnType<typeof aWorld>>;

const aClosedShard = async (world: World, texts: readonly string[]): Promise<string> => {
  const name = await world.aStream();
  await world.putAll(name, texts);
  await world.call('SplitShard', {
    StreamName: name,
    ShardToSplit: PARENT,
    NewStartingHashKey: MIDDLE,
  });
  await world.untilStatus(name, 'ACTIVE');
  return name;
};

const get = async (world: World, name: string, rest: Parameters<World['iteratorOf']>[1] = {}) =>
  world.call('GetRecords', { ShardIterator: await world.iteratorOf(name, rest) });

const CHILDREN = [
  {
    ShardId: 'shardId-000000000001',
    ParentShards: [PARENT],
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: `${BigInt(MIDDLE) - 1n}` },
  },
  {
    ShardId: 'shardId-000000000002',
    ParentShards: [PARENT],
    HashKeyRange: {
      StartingHashKey: MIDDLE,
      EndingHashKey: '340282366920938463463374607431768211455',
    },
  },
];

test('every answer with records has a next iterator, the one behind them has none and the children', async () => {
  await using world = await aWorld();
  const name = await aClosedShard(world, ['a', 'b', 'c']);
  let ShardIterator: string | undefined = await world.iteratorOf(name);
  const answers = [];
  while (ShardIterator !== undefined) {
    const answer: Awaited<ReturnType<typeof get>> = await world.call('GetRecords', {
      ShardIterator,
      Limit: 1,
    });
    answers.push([answer.Records.length, answer.ChildShards]);
    ShardIterator = answer.NextShardIterator;
    assert.equal(ShardIterator === undefined, answer.ChildShards !== undefined);
  }
  assert.deepEqual(answers, [
    [1, undefined],
    [1, undefined],
    [1, undefined],
    [0, CHILDREN],
  ]);
});

test('an open shard has a next iterator and no children', async () => {
  await using world = await aWorld();
  const name = await aClosedShard(world, []);
  const answer = await get(world, name, { ShardId: 'shardId-000000000001' });
  assert.ok(answer.NextShardIterator);
  assert.equal(answer.ChildShards, undefined);
});

test('every iterator to the end of a closed shard tells the children', async () => {
  await using world = await aWorld();
  const name = await aClosedShard(world, ['a']);
  const { Shards = [] } = await world.call('ListShards', { StreamName: name });
  world.clock.advance(1);
  const StartingSequenceNumber = Shards[0]?.SequenceNumberRange.EndingSequenceNumber ?? '';
  for (const rest of [
    { ShardIteratorType: 'LATEST' },
    { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber },
    { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber },
    { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: world.clock.now() },
  ] as const) {
    const { Records, NextShardIterator, ChildShards, MillisBehindLatest } = await get(world, name, rest);
    assert.deepEqual(Records, []);
    assert.deepEqual([NextShardIterator, MillisBehindLatest], [undefined, 0]);
    assert.deepEqual(ChildShards, CHILDREN);
  }
});

test('a reader that waited at the end of the open shard learns of the children', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const { NextShardIterator = '' } = await get(world, name);
  await world.call('SplitShard', { StreamName: name, ShardToSplit: PARENT, NewStartingHashKey: MIDDLE });
  await world.untilStatus(name, 'ACTIVE');
  const answer = await world.call('GetRecords', { ShardIterator: NextShardIterator });
  assert.deepEqual(answer.ChildShards, CHILDREN);
});

test('what is appended to the log behind the end is not in the shard', async () => {
  await using world = await aWorld();
  const name = await aClosedShard(world, ['a']);
  const log = (await world.engine.logs()).find((id) => id.endsWith('-0') && !id.startsWith('control'));
  assert.ok(log);
  await world.engine.append(log, [{ key: 'late', value: Buffer.from('late') }]);
  const { Records, NextShardIterator = '' } = await get(world, name);
  assert.equal(Records.length, 1);
  const end = await world.call('GetRecords', { ShardIterator: NextShardIterator });
  assert.deepEqual([end.Records, end.ChildShards], [[], CHILDREN]);
  assert.deepEqual((await get(world, name, { ShardIteratorType: 'LATEST' })).Records, []);
});

test('a shard whose log lost its last records to a power cut still has an end', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const { bounds } = world.engine;
  world.engine.bounds = async (log) => {
    const { start, end } = await bounds.call(world.engine, log);
    return { start, end: log.endsWith('-0') ? ((end + 5) as typeof end) : end };
  };
  await world.call('SplitShard', { StreamName: name, ShardToSplit: PARENT, NewStartingHashKey: MIDDLE });
  await world.untilStatus(name, 'ACTIVE');
  world.engine.bounds = bounds;
  assert.deepEqual((await get(world, name)).ChildShards, CHILDREN);
});

test('a closed shard goes from the lists and from the disk when its last record has expired', async () => {
  await using world = await aWorld();
  const name = await aClosedShard(world, ['a']);
  const ids = async () =>
    ((await world.call('ListShards', { StreamName: name })).Shards ?? []).map(({ ShardId }) => ShardId);
  world.clock.advance(24 * HOUR_MS);
  assert.equal((await ids()).length, 3);
  const old = await world.iteratorOf(name, { ShardIteratorType: 'LATEST' });
  assert.deepEqual((await world.call('GetRecords', { ShardIterator: old })).ChildShards, CHILDREN);

  world.clock.advance(1);
  await new RetentionSweeper({ ...world, onEvent: () => assert.fail() }).sweep();
  assert.deepEqual(await ids(), ['shardId-000000000001', 'shardId-000000000002']);
  const gone = awsError(
    'ResourceNotFoundException',
    `Shard ${PARENT} in stream orders under account ${ACCOUNT} does not exist`,
  );
  await assert.rejects(world.iteratorOf(name), gone);
  await assert.rejects(world.call('GetRecords', { ShardIterator: old }), gone);
  assert.deepEqual(
    (await world.engine.logs()).filter((log) => log.endsWith('-0')),
    [],
  );
});
