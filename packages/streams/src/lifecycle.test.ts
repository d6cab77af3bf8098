import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk, positionOf } from '@millrace/core';
import { LogError, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { aWorld } from '../test/world.ts';

const aStore = () => ({ clock: new ManualClock(), disk: new MemoryDisk() });

test('streams, records and iterators are the same after a restart', async () => {
  const store = aStore();
  const first = await aWorld(store);
  const name = await first.aStream('orders', { shards: 2, Tags: { team: 'blue' } });
  await first.putAll(name, ['a', 'b', 'c']);
  const ShardIterator = await first.iteratorOf(name);
  const before = [
    await first.call('DescribeStream', { StreamName: name }),
    await first.call('ListTagsForStream', { StreamName: name }),
    (await first.call('GetRecords', { ShardIterator })).Records,
  ];
  await first.close();

  await using second = await aWorld(store);
  const after = [
    await second.call('DescribeStream', { StreamName: name }),
    await second.call('ListTagsForStream', { StreamName: name }),
    (await second.call('GetRecords', { ShardIterator })).Records,
  ];
  assert.deepEqual(after, before);
});

test('a stream that was CREATING when the program ended becomes ACTIVE at the next start', async () => {
  const store = aStore();
  const first = await aWorld(store);
  first.engine.create = () => Promise.reject(new LogError('closed', 'made up'));
  await first.call('CreateStream', { StreamName: 'orders', ShardCount: 3 });
  await first.close();

  await using second = await aWorld(store);
  await second.untilStatus('orders', 'ACTIVE');
  await second.putAll('orders', ['a']);
});

test('a stream that was DELETING when the program ended is gone at the next start', async () => {
  const store = aStore();
  const first = await aWorld(store);
  const name = await first.aStream('orders', { shards: 3 });
  first.engine.delete = () => Promise.reject(new LogError('closed', 'made up'));
  await first.call('DeleteStream', { StreamName: name });
  await first.close();

  await using second = await aWorld(store);
  await second.untilStatus(name, undefined);
  assert.deepEqual((await second.engine.logs()).sort(), ['control', 'control-snapshot']);
});

test('a start removes the logs that no stream owns, and no other', async () => {
  const store = aStore();
  const first = await aWorld(store);
  const name = await first.aStream('orders', { shards: 2 });
  const id = [...first.catalog.state.streams.all()][0]?.id;
  const orphans = [logIdOf('00000000000000aa-0'), logIdOf(`${id}-2`)];
  for (const log of [...orphans, logIdOf('delivery-1')]) await first.engine.create(log);
  await first.close();

  await using second = await aWorld(store);
  const logs = (await second.engine.logs()).sort();
  assert.deepEqual(logs, [`${id}-0`, `${id}-1`, 'control', 'control-snapshot', 'delivery-1'].sort());
  assert.deepEqual(second.events, [{ type: 'orphans-removed', logCount: 2 }]);
  await second.putAll(name, ['a']);
});

test('making a stream’s logs is tried again after a failure, which the operator hears of', async () => {
  await using world = await aWorld();
  const { create } = world.engine;
  const { promise: failed, resolve } = Promise.withResolvers<void>();
  world.engine.create = () => {
    resolve();
    return Promise.reject(new LogError('full', 'no space'));
  };
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await failed;
  world.engine.create = (log) => create.call(world.engine, log);
  while (world.events.length === 0) await new Promise((wake) => setImmediate(wake));
  assert.equal(world.events[0]?.type, 'life-cycle-failed');
  world.clock.advance(1_000);
  await world.untilStatus('orders', 'ACTIVE');
});

test('many streams made and removed at once all get there', async () => {
  await using world = await aWorld();
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  await Promise.all(names.map((StreamName) => world.call('CreateStream', { StreamName, ShardCount: 3 })));
  await Promise.all(names.map((name) => world.untilStatus(name, 'ACTIVE')));
  await Promise.all(names.map((StreamName) => world.call('DeleteStream', { StreamName })));
  await Promise.all(names.map((name) => world.untilStatus(name, undefined)));
  assert.deepEqual((await world.engine.logs()).sort(), ['control', 'control-snapshot']);
});

test('a log of another stream that is read stays whole while streams come and go', async () => {
  await using world = await aWorld();
  const name = await world.aStream('kept');
  await world.putAll(name, ['a']);
  await world.aStream('gone');
  await world.call('DeleteStream', { StreamName: 'gone' });
  await world.untilStatus('gone', undefined);
  const id = world.catalog.state.streams.list('123456789012', 'eu-west-1')[0]?.id;
  const { start, end } = await world.engine.bounds(logIdOf(`${id}-0`));
  assert.deepEqual([start, end], [positionOf(0), positionOf(1)]);
});
