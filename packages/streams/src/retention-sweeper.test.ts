import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { aWorld, HOUR_MS } from '../test/world.ts';
import { RetentionSweeper } from './retention-sweeper.ts';

const sweeperOf = ({ catalog, engine, clock }: Awaited<ReturnType<typeof aWorld>>) => {
  const errors: unknown[] = [];
  return {
    sweeper: new RetentionSweeper({ catalog, engine, clock, onEvent: (e) => errors.push(e) }),
    errors,
  };
};

const startOf = async (world: Awaited<ReturnType<typeof aWorld>>, name: string, shard = 0) => {
  const { id } = world.catalog.state.streams.find('123456789012', 'eu-west-1', name) ?? {};
  return (await world.engine.bounds(logIdOf(`${id}-${shard}`))).start;
};

test('a sweep frees the records past their retention, and no others', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a', 'b']);
  world.clock.advance(HOUR_MS);
  await world.putAll(name, ['c']);
  const { sweeper } = sweeperOf(world);
  world.clock.advance(23 * HOUR_MS);
  await sweeper.sweep();
  assert.equal(await startOf(world, name), 0);
  world.clock.advance(1);
  await sweeper.sweep();
  assert.equal(await startOf(world, name), 2);
  assert.deepEqual(await world.readFrom(name), ['c']);
});

test('a stream gone quiet gives all its space back once its last record has expired, though a restart came between', async () => {
  const [clock, disk] = [new ManualClock(), new MemoryDisk()];
  const bytesOf = async (): Promise<number> => {
    let bytes = 0;
    for (const log of (await disk.list('logs')).filter((name) => /^[0-9a-f]{16}-/.test(name))) {
      for (const name of await disk.list(`logs/${log}`)) {
        const file = await disk.open(`logs/${log}/${name}`);
        bytes += await file.size();
        await file.close();
      }
    }
    return bytes;
  };
  const before = await aWorld({ clock, disk });
  const name = await before.aStream('orders', { shards: 3 });
  await before.putAll(
    name,
    ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000)),
  );
  await before[Symbol.asyncDispose]();
  assert.ok((await bytesOf()) > 400_000);
  await using world = await aWorld({ clock, disk });
  const { sweeper, errors } = sweeperOf(world);
  clock.advance(24 * HOUR_MS);
  await sweeper.sweep();
  assert.ok((await bytesOf()) > 400_000);
  clock.advance(1);
  await sweeper.sweep();
  assert.deepEqual([await bytesOf(), errors], [0, []]);
});

test('sweeps of a bounded number of shards get round to all', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 1_000 });
  const last = 'shardId-000000000999';
  await world.call('PutRecord', {
    StreamName: name,
    PartitionKey: 'a',
    Data: Buffer.alloc(1),
    ExplicitHashKey: '340282366920938463463374607431768211455',
  });
  world.clock.advance(25 * HOUR_MS);
  const { sweeper } = sweeperOf(world);
  const starts = [];
  for (let count = 0; count < 3; count++) {
    await sweeper.sweep();
    starts.push(await startOf(world, name, 999));
  }
  assert.deepEqual(starts, [0, 0, 1]);
  assert.deepEqual(await world.readFrom(name, { ShardId: last }), []);
});

test('a shard that cannot be swept does not keep the others from it', async () => {
  await using world = await aWorld();
  for (const name of ['a', 'b']) {
    await world.aStream(name);
    await world.putAll(name, ['x']);
  }
  world.clock.advance(25 * HOUR_MS);
  const trim = world.engine.trim.bind(world.engine);
  const { id } = world.catalog.state.streams.find('123456789012', 'eu-west-1', 'a') ?? {};
  world.engine.trim = async (log, before) => {
    if (log === `${id}-0`) throw new Error('made up');
    return trim(log, before);
  };
  const { sweeper, errors } = sweeperOf(world);
  await sweeper.sweep();
  assert.equal(await startOf(world, 'b'), 1);
  assert.equal(errors.length, 1);
});

test('the clock drives the sweeps of an open service', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a']);
  const trim = world.engine.trim.bind(world.engine);
  const { promise: trimmed, resolve } = Promise.withResolvers<void>();
  world.engine.trim = (log, before) => trim(log, before).finally(resolve);
  world.clock.advance(25 * HOUR_MS);
  await trimmed;
  assert.equal(await startOf(world, name), 1);
});
