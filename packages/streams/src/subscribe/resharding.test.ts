import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aConsumer, SHARD, subscribe, textsOf } from '../../test/fan-out.ts';
import { aWorld, HOUR_MS } from '../../test/world.ts';

const MIDDLE = '170141183460469231731687303715884105728';
const CHILD_IDS = ['shardId-000000000001', 'shardId-000000000002'];

type World = Awaited<ReturnType<typeof aWorld>>;

const split = async (world: World): Promise<void> => {
  const StreamName = 'orders';
  await world.call('SplitShard', { StreamName, ShardToSplit: SHARD, NewStartingHashKey: MIDDLE });
  await world.untilStatus(StreamName, 'ACTIVE');
};

const aStreamWithConsumer = async () => {
  const world = await aWorld();
  await world.aStream();
  return { world, arn: await aConsumer(world) };
};

test('a reader at the end of a shard that is split hears of the children at once, and that is all', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['a']);
  const subscription = await subscribe(world, arn);
  assert.deepEqual(await subscription.take(1), ['a']);
  const last = subscription.next();
  await split(world);
  const event = await last;
  assert.deepEqual(
    event?.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards]),
    CHILD_IDS.map((id) => [id, [SHARD]]),
  );
  assert.deepEqual([event?.Records, event?.MillisBehindLatest], [[], 0]);
  assert.ok(!('ContinuationSequenceNumber' in (event ?? {})));
  assert.equal(await subscription.next(), undefined);
});

test('an event has a place to go on from if and only if it has no children', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const large = 'x'.repeat(700 * 1024);
  await world.putAll('orders', ['a', 'b']);
  for (const PartitionKey of ['1', '2', '3']) {
    await world.call('PutRecord', { StreamName: 'orders', PartitionKey, Data: Buffer.from(large) });
  }
  await split(world);
  const subscription = await subscribe(world, arn);
  const events = [];
  for (let event = await subscription.next(); event; event = await subscription.next()) {
    events.push([
      event.Records.length,
      event.ContinuationSequenceNumber !== undefined,
      event.ChildShards?.length,
    ]);
  }
  assert.deepEqual(events, [
    [3, true, undefined],
    [1, true, undefined],
    [1, false, 2],
  ]);
});

test('the only child of a merge names both its parents', async () => {
  const world = await aWorld();
  await using _ = world;
  await world.aStream('orders', { shards: 2 });
  const arn = await aConsumer(world);
  const subscription = await subscribe(world, arn, { Type: 'LATEST' }, 'shardId-000000000001');
  const last = subscription.next();
  await world.call('MergeShards', {
    StreamName: 'orders',
    ShardToMerge: SHARD,
    AdjacentShardToMerge: 'shardId-000000000001',
  });
  assert.deepEqual(
    (await last)?.ChildShards?.map(({ ParentShards }) => ParentShards),
    [[SHARD, 'shardId-000000000001']],
  );
});

test('LATEST and a continuation of a closed shard lead to its children', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['a']);
  const SequenceNumber = (await (await subscribe(world, arn)).next())?.ContinuationSequenceNumber;
  await split(world);
  for (const position of [
    { Type: 'LATEST' },
    { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber },
    { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber },
  ] as const) {
    world.clock.advance(5_000);
    const event = await (await subscribe(world, arn, position)).next();
    assert.deepEqual([event?.Records, event?.ChildShards?.length], [[], 2]);
  }
});

test('the children of a shard are read on with the same consumer', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await split(world);
  const subscriptions = await Promise.all(
    CHILD_IDS.map((id) => subscribe(world, arn, { Type: 'TRIM_HORIZON' }, id)),
  );
  const first = subscriptions.map((subscription) => subscription.next());
  await world.call('PutRecord', {
    StreamName: 'orders',
    PartitionKey: 'k',
    ExplicitHashKey: '0',
    Data: Buffer.from('low'),
  });
  await world.call('PutRecord', {
    StreamName: 'orders',
    PartitionKey: 'k',
    ExplicitHashKey: MIDDLE,
    Data: Buffer.from('high'),
  });
  const events = await Promise.all(first);
  assert.deepEqual(
    events.map((event) => event && textsOf(event)),
    [['low'], ['high']],
  );
});

test('records that were written while the shard is split all come, in one shard or the other', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const texts = Array.from({ length: 200 }, (_, index) => String(index));
  const seen: string[] = [];
  const readAll = async (shardId: string): Promise<void> => {
    const subscription = await subscribe(world, arn, { Type: 'TRIM_HORIZON' }, shardId);
    for (let event = await subscription.next(); event; event = await subscription.next()) {
      seen.push(...textsOf(event));
      await Promise.all((event.ChildShards ?? []).map(({ ShardId }) => readAll(ShardId)));
      if (seen.length === texts.length) world.streams.deps.subscriptions.close();
    }
  };
  const reading = readAll(SHARD);
  const writing = Promise.all(texts.map((text) => world.putAll('orders', [text])));
  await split(world);
  await writing;
  await reading;
  assert.deepEqual(
    seen.map(Number).sort((a, b) => a - b),
    texts.map(Number),
  );
});

test('a shorter retention takes records from a subscription that has not read them yet', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.call('IncreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 48 });
  await world.putAll('orders', ['old']);
  world.clock.advance(30 * HOUR_MS);
  const subscription = await subscribe(world, arn);
  await world.call('DecreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 24 });
  await world.putAll('orders', ['new']);
  assert.deepEqual(await subscription.take(1), ['new']);
});
