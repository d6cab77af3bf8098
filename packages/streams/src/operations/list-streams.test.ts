import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWorld } from '../../test/world.ts';

const names = Array.from({ length: 230 }, (_, index) => `s-${String(index).padStart(3, '0')}`);

const createAll = async (world: Awaited<ReturnType<typeof aWorld>>) => {
  for (const StreamName of names.toReversed())
    await world.call('CreateStream', { StreamName, ShardCount: 1 });
};

test('paging by NextToken covers every stream once, by name, 100 at a time', async () => {
  await using world = await aWorld();
  await createAll(world);
  const pages: (readonly string[])[] = [];
  let NextToken: string | undefined;
  do {
    const page = await world.call('ListStreams', { NextToken, Limit: 1_000 });
    pages.push(page.StreamNames);
    NextToken = page.NextToken;
    assert.equal(page.HasMoreStreams, NextToken !== undefined);
  } while (NextToken !== undefined);
  assert.deepEqual(
    pages.map((page) => page.length),
    [100, 100, 30],
  );
  assert.deepEqual(pages.flat(), names);
});

test('a page may start after a name that does not exist', async () => {
  await using world = await aWorld();
  await createAll(world);
  const { StreamNames, HasMoreStreams } = await world.call('ListStreams', {
    ExclusiveStartStreamName: 's-227x',
    Limit: 2,
  });
  assert.deepEqual([StreamNames, HasMoreStreams], [['s-228', 's-229'], false]);
});

test('summaries stand beside the names', async () => {
  await using world = await aWorld();
  await world.aStream('orders');
  const { StreamSummaries } = await world.call('ListStreams', {});
  assert.deepEqual(StreamSummaries, [
    {
      StreamName: 'orders',
      StreamARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: 1_790_000_000_000,
    },
  ]);
});

test('a token is good for 300 seconds, and a text of one’s own is none', async () => {
  await using world = await aWorld();
  await createAll(world);
  const { NextToken } = await world.call('ListStreams', {});
  world.clock.advance(300_000);
  await world.call('ListStreams', { NextToken });
  world.clock.advance(1);
  await assert.rejects(world.call('ListStreams', { NextToken }), { code: 'ExpiredNextTokenException' });
  await assert.rejects(world.call('ListStreams', { NextToken: 'AAAA' }), {
    code: 'InvalidArgumentException',
    message: 'Invalid NextToken.',
  });
});

test('streams of another account or region are not listed', async () => {
  await using world = await aWorld();
  await world.aStream('orders');
  const others = [world.callIn('us-east-1'), world.callIn('eu-west-1', '999999999999')];
  for (const call of others) assert.deepEqual((await call('ListStreams', {})).StreamNames, []);
});
