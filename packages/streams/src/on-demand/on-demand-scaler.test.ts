import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShardsOf } from '@millrace/catalog';
import { MemoryDisk } from '@millrace/core';
import { ManualClock } from '@millrace/log/conformance';
import { ACCOUNT, aWorld, HOUR_MS, REGION } from '../../test/world.ts';

const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
const LOOK_MS = 10_000;

type World = Awaited<ReturnType<typeof aWorld>>;

const shardsOf = (world: World, name: string): number => {
  const stream = world.catalog.state.streams.find(ACCOUNT, REGION, name);
  assert.ok(stream);
  return openShardsOf(stream).length;
};

/** Moves the clock to the scaler's next look and lets everything that follows from it happen. */
const look = async (world: World): Promise<void> => {
  world.clock.advance(LOOK_MS);
  for (let turn = 0; turn < 200; turn++) await new Promise((wake) => setImmediate(wake));
};

/** So many records within one look of the scaler. */
const putMany = async (world: World, StreamName: string, count: number): Promise<void> => {
  const Records = Array.from({ length: 500 }, (_, index) => ({
    PartitionKey: `k${index}`,
    Data: Buffer.from('v'),
  }));
  for (let put = 0; put < count; put += 500) await world.call('PutRecords', { StreamName, Records });
};

test('a stream that is written faster gets shards for twice that, by and by', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', ON_DEMAND);
  await putMany(world, name, 45_000);
  await look(world);
  assert.equal(shardsOf(world, name), 8);
  await look(world);
  assert.equal(shardsOf(world, name), 9);
  await look(world);
  assert.equal(shardsOf(world, name), 9);
});

test('a provisioned stream keeps its shards whatever is written', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 1 });
  await putMany(world, name, 20_000);
  await look(world);
  assert.equal(shardsOf(world, name), 1);
});

test('a peak holds its shards for 30 days, over a restart too, and then they go', async () => {
  const store = { clock: new ManualClock(), disk: new MemoryDisk() };
  const first = await aWorld(store);
  const name = await first.aStream('orders', ON_DEMAND);
  await putMany(first, name, 40_000);
  await look(first);
  assert.equal(shardsOf(first, name), 8);
  await first.close();

  await using world = await aWorld(store);
  world.clock.advance(29 * 24 * HOUR_MS);
  await look(world);
  assert.equal(shardsOf(world, name), 8);
  world.clock.advance(24 * HOUR_MS);
  await look(world);
  assert.equal(shardsOf(world, name), 4);
});

test('a stream that was provisioned keeps its shards for 30 days as if they had been in use', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 16 });
  const StreamARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;
  await world.call('UpdateStreamMode', { StreamARN, ...ON_DEMAND });
  await world.untilStatus(name, 'ACTIVE');
  await look(world);
  assert.equal(shardsOf(world, name), 16);
  world.clock.advance(31 * 24 * HOUR_MS);
  await look(world);
  assert.equal(shardsOf(world, name), 8);
});

test('records are all there, each shard’s in order, after the splits of a scaling', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', ON_DEMAND);
  await putMany(world, StreamName, 45_000);
  await look(world);
  await world.putAll(StreamName, ['after']);
  const { Shards = [] } = await world.call('ListShards', { StreamName });
  let count = 0;
  for (const { ShardId } of Shards) {
    const rest: string[] = [];
    let ShardIterator: string | undefined = await world.iteratorOf(StreamName, { ShardId });
    while (ShardIterator !== undefined) {
      const answer: Awaited<ReturnType<typeof getRecords>> = await getRecords(world, ShardIterator);
      rest.push(...answer.Records.map(({ Data }) => Buffer.from(Data).toString()));
      ShardIterator = answer.MillisBehindLatest === 0 ? undefined : answer.NextShardIterator;
    }
    count += rest.length;
  }
  assert.equal(count, 45_001);
});

const getRecords = (world: World, ShardIterator: string) => world.call('GetRecords', { ShardIterator });
