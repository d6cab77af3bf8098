import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

test('a deleted stream is DELETING, then gone with its logs', async () => {
  await using world = await aWorld();
  const name = await world.aStream('orders', { shards: 3 });
  const release = world.holdLogs();
  await world.call('DeleteStream', { StreamName: name });
  assert.equal(world.statusOf(name), 'DELETING');
  release();
  await world.untilStatus(name, undefined);
  assert.deepEqual((await world.engine.logs()).sort(), ['control', 'control-snapshot']);
});

test('the name of a deleted stream is free, and a new stream of that name is empty', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['old']);
  await world.call('DeleteStream', { StreamName: name });
  await world.untilStatus(name, undefined);
  await world.aStream(name);
  assert.deepEqual(await world.readFrom(name), []);
});

test('a stream that is still CREATING may be deleted and leaves nothing behind', async () => {
  await using world = await aWorld();
  const release = world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 200 });
  await world.call('DeleteStream', { StreamName: 'orders' });
  release();
  await world.untilStatus('orders', undefined);
  assert.deepEqual((await world.engine.logs()).sort(), ['control', 'control-snapshot']);
});

test('a stream that does not exist cannot be deleted', async () => {
  await using world = await aWorld();
  await assert.rejects(
    world.call('DeleteStream', { StreamName: 'orders' }),
    awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`),
  );
});

test('a stream that is DELETING cannot be deleted again', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  world.holdLogs();
  await world.call('DeleteStream', { StreamName: name });
  await assert.rejects(
    world.call('DeleteStream', { StreamName: name }),
    awsError(
      'ResourceInUseException',
      `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state DELETING`,
    ),
  );
});
