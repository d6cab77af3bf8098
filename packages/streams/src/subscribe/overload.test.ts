import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LogError } from '@millrace/log';
import { aConsumer, arnOf, subscribe, textsOf } from '../../test/fan-out.ts';
import { aWorld } from '../../test/world.ts';
import { OVERLOAD_PAUSE_MS } from './limits.ts';

const TURNS_MAX = 1_000;

const aRecordToRead = async () => {
  const world = await aWorld();
  await world.aStream();
  const arn = await aConsumer(world);
  await world.putAll('orders', ['a']);
  return { world, subscription: await subscribe(world, arn) };
};

type World = Awaited<ReturnType<typeof aWorld>>;

/** The next so many reads of the log that is read next find no room. */
const refuseReads = ({ engine }: World, count: number) => {
  const { read } = engine;
  const seen = { refused: 0 };
  let refusedLog: string | undefined;
  engine.read = (...args) => {
    refusedLog ??= args[0];
    if (args[0] !== refusedLog || seen.refused === count) return read.apply(engine, args);
    seen.refused += 1;
    return Promise.reject(new LogError('overloaded', 'too many reads'));
  };
  return seen;
};

const turns = async (what: string, isDone: () => boolean): Promise<void> => {
  for (let turn = 0; !isDone(); turn++) {
    assert.ok(turn < TURNS_MAX, `${what} does not come to pass`);
    await setImmediate();
  }
};

test('a subscription for whose read the server has no room tries again until there is some', async () => {
  const { world, subscription } = await aRecordToRead();
  await using _ = world;
  const seen = refuseReads(world, 3);
  const next = subscription.next();
  for (const refused of [1, 2, 3]) {
    await turns('a refused read', () => seen.refused === refused);
    await setImmediate();
    assert.equal(seen.refused, refused, 'no read before the pause is over');
    world.clock.advance(OVERLOAD_PAUSE_MS);
  }
  const event = await next;
  assert.ok(event);
  assert.deepEqual(textsOf(event), ['a']);
});

test('a subscription that waits for room ends when its time is up, and when its consumer goes', async () => {
  for (const isTimeUp of [true, false]) {
    const { world, subscription } = await aRecordToRead();
    await using _ = world;
    const seen = refuseReads(world, Infinity);
    const next = subscription.next();
    await turns('a refused read', () => seen.refused === 1);
    if (isTimeUp) {
      world.clock.advance(300_000);
      assert.equal(await next, undefined);
      continue;
    }
    await world.call('DeregisterStreamConsumer', { StreamARN: arnOf('orders'), ConsumerName: 'app' });
    await assert.rejects(next, { name: 'ServiceError', code: 'ResourceNotFoundException' });
  }
});

test('any other error of a read still ends the subscription', async () => {
  const { world, subscription } = await aRecordToRead();
  await using _ = world;
  world.engine.read = () => Promise.reject(new LogError('failed', 'the disk is gone'));
  await assert.rejects(subscription.next(), { name: 'LogError', code: 'failed' });
});
