import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const MIDDLE = '170141183460469231731687303715884105728';
const MAX = '340282366920938463463374607431768211455';
const SHARD = (index: number) => `shardId-${String(index).padStart(12, '0')}`;

type World = Awaited<ReturnType<typeof aWorld>>;

const split = (world: World, StreamName: string, ShardToSplit = 'shardId-0', NewStartingHashKey = MIDDLE) =>
  world.call('SplitShard', { StreamName, ShardToSplit, NewStartingHashKey });

test('the parent closes, and two children divide its range at the new starting hash key', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  assert.equal(await split(world, name), undefined);
  assert.equal(world.statusOf(name), 'UPDATING');
  await world.untilStatus(name, 'ACTIVE');
  const { Shards = [] } = await world.call('ListShards', { StreamName: name });
  assert.deepEqual(
    Shards.map(({ ShardId, ParentShardId, AdjacentParentShardId, HashKeyRange: range }) => [
      ShardId,
      ParentShardId,
      AdjacentParentShardId,
      range.StartingHashKey,
      range.EndingHashKey,
    ]),
    [
      [SHARD(0), undefined, undefined, '0', MAX],
      [SHARD(1), SHARD(0), undefined, '0', `${BigInt(MIDDLE) - 1n}`],
      [SHARD(2), SHARD(0), undefined, MIDDLE, MAX],
    ],
  );
});

test('only the closed shard has an ending sequence number, and it is above those of its records', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const [record] = await world.putAll(name, ['a']);
  await split(world, name);
  await world.untilStatus(name, 'ACTIVE');
  const { StreamDescription } = await world.call('DescribeStream', { StreamName: name });
  const [parent, ...children] = StreamDescription.Shards.map((shard) => shard.SequenceNumberRange);
  assert.ok(BigInt(parent?.EndingSequenceNumber ?? 0) > BigInt(record?.SequenceNumber ?? 0));
  assert.deepEqual(
    children.map(({ EndingSequenceNumber }) => EndingSequenceNumber),
    [undefined, undefined],
  );
  const { StreamDescriptionSummary } = await world.call('DescribeStreamSummary', { StreamName: name });
  assert.equal(StreamDescriptionSummary.OpenShardCount, 2);
});

test('records written after it go to the child of their hash key', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await split(world, name);
  await world.untilStatus(name, 'ACTIVE');
  const put = (ExplicitHashKey: string) =>
    world.call('PutRecord', {
      StreamName: name,
      PartitionKey: 'a',
      Data: Buffer.from(ExplicitHashKey),
      ExplicitHashKey,
    });
  assert.equal((await put(`${BigInt(MIDDLE) - 1n}`)).ShardId, SHARD(1));
  assert.equal((await put(MIDDLE)).ShardId, SHARD(2));
  assert.deepEqual(await world.readFrom(name, { ShardId: SHARD(2) }), [MIDDLE]);
});

test('a record that is put while the shard closes waits for its child', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const release = world.holdLogs();
  await split(world, name);
  const put = world.putAll(name, ['late']);
  const puts = world.call('PutRecords', {
    StreamName: name,
    Records: [
      { PartitionKey: 'a', Data: Buffer.from('low'), ExplicitHashKey: '0' },
      { PartitionKey: 'a', Data: Buffer.from('high'), ExplicitHashKey: MAX },
    ],
  });
  await new Promise((wake) => setImmediate(wake));
  assert.deepEqual(await world.readFrom(name), []);
  release();
  assert.notEqual((await put)[0]?.ShardId, SHARD(0));
  const { Records, FailedRecordCount } = await puts;
  assert.equal(FailedRecordCount, 0);
  assert.deepEqual(
    Records.map(({ ShardId }) => ShardId),
    [SHARD(1), SHARD(2)],
  );
});

test('an append that is under way when the shard closes is before its end', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const { append } = world.engine;
  const { promise: mayAppend, resolve: allow } = Promise.withResolvers<void>();
  world.engine.append = async (log, ...rest) => {
    if (log.startsWith('control')) return append.call(world.engine, log, ...rest);
    await mayAppend;
    return append.call(world.engine, log, ...rest);
  };
  const put = world.putAll(name, ['early']);
  await split(world, name);
  for (let turn = 0; turn < 20; turn++) await new Promise((wake) => setImmediate(wake));
  assert.equal(world.statusOf(name), 'UPDATING');
  allow();
  assert.equal((await put)[0]?.ShardId, SHARD(0));
  await world.untilStatus(name, 'ACTIVE');
  const { Records, NextShardIterator = '' } = await world.call('GetRecords', {
    ShardIterator: await world.iteratorOf(name),
  });
  assert.equal(Records.length, 1);
  const end = await world.call('GetRecords', { ShardIterator: NextShardIterator });
  assert.deepEqual([end.Records, end.NextShardIterator], [[], undefined]);
});

test('a writer that has waited five seconds for a shard to close is told to try again', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  world.holdLogs();
  await split(world, name);
  const text = `Rate exceeded for shard ${SHARD(0)} in stream orders under account ${ACCOUNT}.`;
  const put = world.putAll(name, ['late']);
  const puts = world.call('PutRecords', {
    StreamName: name,
    Records: [{ PartitionKey: 'a', Data: Buffer.from('a') }],
  });
  await new Promise((wake) => setImmediate(wake));
  world.clock.advance(5_000);
  await assert.rejects(put, awsError('ProvisionedThroughputExceededException', text));
  const { FailedRecordCount, Records } = await puts;
  assert.equal(FailedRecordCount, 1);
  assert.deepEqual(Records, [{ ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: text }]);
});

test('writers who wait are let go when the program ends', async () => {
  const world = await aWorld();
  const name = await world.aStream();
  world.holdLogs();
  await split(world, name);
  const put = world.putAll(name, ['late']);
  const refused = assert.rejects(put, { code: 'ProvisionedThroughputExceededException' });
  await new Promise((wake) => setImmediate(wake));
  await world.close();
  await refused;
});

const refusals: readonly [what: string, shard: string, key: string, code: string, text: string][] = [
  [
    'a shard id that is none',
    'ABKLFD8x',
    MIDDLE,
    'ResourceNotFoundException',
    `Could not find shard ABKLFD8x in stream orders under account ${ACCOUNT}.`,
  ],
  [
    'a shard that is not there',
    'shardId-5',
    MIDDLE,
    'ResourceNotFoundException',
    `Could not find shard ${SHARD(5)} in stream orders under account ${ACCOUNT}.`,
  ],
  [
    'a key next to the start',
    '0',
    '1',
    'InvalidArgumentException',
    `NewStartingHashKey 1 used in SplitShard() on shard ${SHARD(0)} in stream orders under account ${ACCOUNT} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${MAX}.`,
  ],
  [
    'the last key',
    '0',
    MAX,
    'InvalidArgumentException',
    `NewStartingHashKey ${MAX} used in SplitShard() on shard ${SHARD(0)} in stream orders under account ${ACCOUNT} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${MAX}.`,
  ],
];

for (const [what, shard, key, code, text] of refusals) {
  test(`${what} is refused in AWS's words`, async () => {
    await using world = await aWorld();
    const name = await world.aStream();
    await assert.rejects(split(world, name, shard, key), awsError(code, text));
    assert.equal(world.statusOf(name), 'ACTIVE');
  });
}

test('the form of the shard id is checked before the stream', async () => {
  await using world = await aWorld();
  await assert.rejects(
    split(world, 'nobody', 'ABK'),
    awsError(
      'ResourceNotFoundException',
      `Could not find shard ABK in stream nobody under account ${ACCOUNT}.`,
    ),
  );
  await assert.rejects(
    split(world, 'nobody'),
    awsError('ResourceNotFoundException', `Stream nobody under account ${ACCOUNT} not found.`),
  );
});

test('while shards change, neither they nor the stream can be touched', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  world.holdLogs();
  await split(world, name);
  const inUse = awsError(
    'ResourceInUseException',
    `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state UPDATING`,
  );
  // The state is looked at before the shard.
  await assert.rejects(split(world, name, 'shardId-7'), inUse);
  await assert.rejects(world.call('DeleteStream', { StreamName: name }), inUse);
});

test('a shard that was split before is refused', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await split(world, name);
  await world.untilStatus(name, 'ACTIVE');
  await assert.rejects(
    split(world, name),
    awsError(
      'InvalidArgumentException',
      `Shard ${SHARD(0)} in stream orders under account ${ACCOUNT} has already been merged or split, and thus is not eligible for merging or splitting.`,
    ),
  );
});

test('the quota of shards is checked before the hash key', async () => {
  await using world = await aWorld({ streams: { shardsMax: 2 } });
  const name = await world.aStream('orders', { shards: 2 });
  await assert.rejects(
    split(world, name, '0', '1'),
    awsError(
      'LimitExceededException',
      `This request would exceed the shard limit for the account ${ACCOUNT} in eu-west-1. Current shard count for the account: 2. Limit: 2. Number of additional shards that would have resulted from this request: 1. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
    ),
  );
});

test('the shards of an on-demand stream are not the caller’s to split', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await assert.rejects(
    split(world, name),
    awsError(
      'ValidationException',
      `Request is invalid. Stream orders under account ${ACCOUNT} is in On-Demand mode.`,
    ),
  );
});
