import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { ManualClock } from '@millrace/log/conformance';
import { aConsumer, arnOf, consumerIn, failing, untilConsumer } from '../test/fan-out.ts';
import { aWorld } from '../test/world.ts';

const aStore = () => ({ clock: new ManualClock(), disk: new MemoryDisk() });
type World = Awaited<ReturnType<typeof aWorld>>;

test('consumers with their tags and policies are the same after a restart', async () => {
  const store = aStore();
  const first = await aWorld(store);
  await first.aStream();
  const ResourceARN = await aConsumer(first);
  await first.call('TagResource', { ResourceARN, Tags: { team: 'blue' } });
  const before = consumerIn(first, 'orders', 'app');
  await first.close();
  await using second = await aWorld(store);
  assert.deepEqual(consumerIn(second, 'orders', 'app'), before);
});

for (const [status, type, act] of [
  [
    'CREATING',
    'streams.activate-consumer.v1',
    (world: World) =>
      world.call('RegisterStreamConsumer', { StreamARN: arnOf('orders'), ConsumerName: 'app' }),
  ],
  [
    'DELETING',
    'streams.forget-consumer.v1',
    async (world: World) => world.call('DeregisterStreamConsumer', { ConsumerARN: await aConsumer(world) }),
  ],
] as const) {
  const after = status === 'CREATING' ? 'ACTIVE' : undefined;

  test(`a consumer that was ${status} when the program ended is brought on at the next start`, async () => {
    const store = aStore();
    const first = await aWorld(store);
    await first.aStream();
    failing(first, type);
    await act(first);
    assert.equal(consumerIn(first, 'orders', 'app')?.status, status);
    await first.close();
    await using second = await aWorld(store);
    await untilConsumer(second, 'orders', 'app', after);
  });

  test(`a consumer that could not be brought on from ${status} is tried again, and it is told`, async () => {
    await using world = await aWorld();
    await world.aStream();
    const mend = failing(world, type);
    await act(world);
    await new Promise(setImmediate);
    assert.deepEqual(
      world.events.map((event) => event.type),
      ['life-cycle-failed'],
    );
    mend();
    world.clock.advance(1_000);
    await untilConsumer(world, 'orders', 'app', after);
  });
}

test('a consumer that is deregistered while it is CREATING is forgotten', async () => {
  await using world = await aWorld();
  await world.aStream();
  const StreamARN = arnOf('orders');
  await world.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' });
  await world.call('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'app' });
  await untilConsumer(world, 'orders', 'app', undefined);
});
