import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divideHashKeySpace, MemoryDisk } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { CutDisk } from '../test/cut-disk.ts';
import { ACCOUNT, aWorld, REGION } from '../test/world.ts';

type World = Awaited<ReturnType<typeof aWorld>>;

const MIDDLE = '170141183460469231731687303715884105728';
const split = (world: World, StreamName: string) =>
  world.call('SplitShard', { StreamName, ShardToSplit: '0', NewStartingHashKey: MIDDLE });

const shardsOf = (world: World, name: string) =>
  world.catalog.state.streams.find(ACCOUNT, REGION, name)?.shards ?? [];

const isShardLog = (log: string) => !log.startsWith('control');

/** Where the process dies while it re-shards: at the first call of the engine's that comes to pass there. */
const deaths: readonly [where: string, dies: (engine: LogEngine, die: () => Promise<never>) => void][] = [
  [
    'before the first child has a log',
    (engine, die) => {
      engine.create = die;
    },
  ],
  [
    'after one child of two has a log',
    (engine, die) => {
      const { create } = engine;
      let count = 0;
      engine.create = (log) => (count++ === 0 ? create.call(engine, log) : die());
    },
  ],
  [
    'before the end of the parent is known',
    (engine, die) => {
      const { bounds } = engine;
      engine.bounds = (log) => (isShardLog(log) ? die() : bounds.call(engine, log));
    },
  ],
  [
    'before the end of the parent is on record',
    (engine, die) => {
      const { append } = engine;
      engine.append = (log, entries, ...rest) => {
        const isClosing = entries.some(({ value }) => Buffer.from(value).includes('streams.close-shards'));
        return isClosing ? die() : append.call(engine, log, entries, ...rest);
      };
    },
  ],
];

for (const [where, dies] of deaths) {
  test(`a split that was cut off ${where} is finished at the next start`, async () => {
    const disk = new MemoryDisk();
    const clock = new ManualClock();
    const hold = new CutDisk(disk);
    const first = await aWorld({ disk: hold, clock });
    const name = await first.aStream();
    await first.putAll(name, ['a', 'b']);
    const { promise: dead, resolve } = Promise.withResolvers<void>();
    dies(first.engine, () => {
      hold.cut();
      resolve();
      return Promise.reject(new Error('made up'));
    });
    await split(first, name);
    await dead;
    await first.close().catch(() => undefined);

    await using second = await aWorld({ disk, clock });
    await second.untilStatus(name, 'ACTIVE');
    assert.deepEqual(
      shardsOf(second, name).map(({ index, parents, closed }) => [index, parents, closed?.end]),
      [
        [0, [], 2],
        [1, [0], undefined],
        [2, [0], undefined],
      ],
    );
    assert.deepEqual(await second.readFrom(name), ['a', 'b']);
    const [put] = await second.putAll(name, ['c']);
    assert.deepEqual(await second.readFrom(name, { ShardId: put?.ShardId ?? '' }), ['c']);
    assert.equal((await second.engine.logs()).filter(isShardLog).length, 3);
  });
}

test('scaling that was cut off goes on at the next start', async () => {
  const disk = new MemoryDisk();
  const clock = new ManualClock();
  const hold = new CutDisk(disk);
  const first = await aWorld({ disk: hold, clock });
  const name = await first.aStream('orders', { shards: 3 });
  let steps = 0;
  const { promise: dead, resolve } = Promise.withResolvers<void>();
  first.catalog.onApplied(({ command }) => {
    if (command.type !== 'streams.close-shards.v1' || ++steps < 2) return;
    hold.cut();
    resolve();
  });
  await first.call('UpdateShardCount', {
    StreamName: name,
    TargetShardCount: 7,
    ScalingType: 'UNIFORM_SCALING',
  });
  await dead;
  await first.close().catch(() => undefined);

  await using second = await aWorld({ disk, clock });
  await second.untilStatus(name, 'ACTIVE');
  const open = shardsOf(second, name).filter(({ closed }) => closed === undefined);
  assert.deepEqual(
    open.map(({ range }) => range).sort((a, b) => (a.start < b.start ? -1 : 1)),
    divideHashKeySpace(7),
  );
});

test('a failure on the way is tried again, and writers wait so long', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const { create } = world.engine;
  world.engine.create = () => Promise.reject(new Error('made up'));
  await split(world, name);
  const put = world.putAll(name, ['a']);
  while (world.events.length === 0) await new Promise((wake) => setImmediate(wake));
  assert.equal(world.events[0]?.type, 'life-cycle-failed');
  world.engine.create = (log) => create.call(world.engine, log);
  world.clock.advance(1_000);
  await world.untilStatus(name, 'ACTIVE');
  assert.notEqual((await put)[0]?.ShardId, 'shardId-000000000000');
});

test('streams re-shard side by side', async () => {
  await using world = await aWorld();
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  for (const name of names) await world.aStream(name);
  await Promise.all(names.map((name) => split(world, name)));
  await Promise.all(names.map((name) => world.untilStatus(name, 'ACTIVE')));
  for (const name of names) assert.equal(shardsOf(world, name).length, 3);
});
