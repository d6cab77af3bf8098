import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError, HOUR_MS } from '../../test/world.ts';

type World = Awaited<ReturnType<typeof aWorld>>;

const increase = (world: World, StreamName: string, RetentionPeriodHours: number) =>
  world.call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours });
const decrease = (world: World, StreamName: string, RetentionPeriodHours: number) =>
  world.call('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours });

const hoursOf = async (world: World, StreamName: string) =>
  (await world.call('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary.RetentionPeriodHours;

test('a longer period keeps records for longer', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a']);
  assert.equal(await increase(world, name, 48), undefined);
  assert.equal(await hoursOf(world, name), 48);
  world.clock.advance(48 * HOUR_MS);
  assert.deepEqual(await world.readFrom(name), ['a']);
  world.clock.advance(1);
  assert.deepEqual(await world.readFrom(name), []);
});

test('a shorter period ends the older records at once, and a longer one does not revive them', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await increase(world, name, 72);
  await world.putAll(name, ['old']);
  world.clock.advance(30 * HOUR_MS);
  await world.putAll(name, ['new']);
  await decrease(world, name, 24);
  assert.deepEqual(await world.readFrom(name), ['new']);
  await increase(world, name, 72);
  assert.deepEqual(await world.readFrom(name), ['new']);
  assert.deepEqual(
    await world.readFrom(name, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: world.clock.now() - HOUR_MS }),
    ['new'],
  );
});

test('what had expired by the old period stays expired', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['old']);
  world.clock.advance(24 * HOUR_MS + 1);
  await increase(world, name, 48);
  assert.deepEqual(await world.readFrom(name), []);
});

test('a shorter period frees the space at once', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await increase(world, name, 48);
  await world.putAll(name, ['old']);
  world.clock.advance(30 * HOUR_MS);
  const { promise: trimmed, resolve } = Promise.withResolvers<string>();
  const { trim } = world.engine;
  world.engine.trim = (log, before) => trim.call(world.engine, log, before).finally(() => resolve(log));
  await decrease(world, name, 24);
  const log = await trimmed;
  const { start, end } = await world.engine.bounds(log as Parameters<typeof trim>[0]);
  assert.deepEqual([start, end], [1, 1]);
});

test('the period that it has already is accepted both ways', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await increase(world, name, 24);
  await decrease(world, name, 24);
  await increase(world, name, 8_760);
  await increase(world, name, 8_760);
  assert.equal(await hoursOf(world, name), 8_760);
});

const invalid = (text: string) => awsError('InvalidArgumentException', text);

test('the bounds are 24 and 8760 hours', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const short = invalid(
    'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  );
  const long = invalid(
    'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
  );
  for (const change of [increase, decrease]) {
    await assert.rejects(change(world, name, 23), short);
    await assert.rejects(change(world, name, 8_761), long);
  }
});

test('each operation goes its own way only, and names the other', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await increase(world, name, 48);
  await assert.rejects(
    increase(world, name, 47),
    invalid(
      'Requested retention period (47 hours) for stream orders can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
    ),
  );
  await assert.rejects(
    decrease(world, name, 49),
    invalid(
      'Requested retention period (49 hours) for stream orders can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.',
    ),
  );
  assert.equal(await hoursOf(world, name), 48);
});

test('a stream that does not exist has no period', async () => {
  await using world = await aWorld();
  await assert.rejects(
    increase(world, 'nobody', 48),
    awsError('ResourceNotFoundException', `Stream nobody under account ${ACCOUNT} not found.`),
  );
});
