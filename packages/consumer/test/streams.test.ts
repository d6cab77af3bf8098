import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import { Consumer, type ConsumerEvent, MemoryLeaseStore, type StreamList } from '@millrace/consumer';
import { StreamFinder } from '../src/shards/stream-finder.ts';
import { identify } from '../src/shards/stream-id.ts';
import { refName, type StreamRef } from '../src/shards/stream-options.ts';
import { FakeStream } from './fake-stream.ts';

const CREATED = new Date(1_790_000_000_000);
const arnOf = (name: string): string => `arn:aws:kinesis:us-east-1:123456789012:stream/${name}`;
const throttled = (): Error => Object.assign(new Error('slow down'), { name: 'LimitExceededException' });

/** Streams of one shard with these names, and a consumer of a list of them. */
const aWorld = (names: readonly string[], list: StreamList) => {
  const clock = new FakeClock();
  const streams = new Map(names.map((name) => [name, new FakeStream(1)]));
  const looks: string[] = [];
  const failing = new Set<string>();
  const events: ConsumerEvent[] = [];
  const seen: string[] = [];
  const source = new StreamFinder({
    clock,
    timeoutMs: 6_000,
    freshMs: 60_000,
    list,
    describe: async (stream: StreamRef) => {
      const name = refName(stream);
      looks.push(name);
      if (failing.has(name)) throw throttled();
      return identify(arnOf(name), CREATED);
    },
    open: (stream) => {
      const found = streams.get(refName(stream));
      assert(found !== undefined);
      return found;
    },
  });
  const consumer = new Consumer(
    { workerId: 'me', balancing: 'count', onEvent: (event) => events.push(event) },
    { clock, random: { next: () => 0 }, store: new MemoryLeaseStore(), source },
  );
  const put = (name: string, text: string): void => void streams.get(name)?.put('ada', text);
  const run = () => consumer.run(({ streamName, data }) => void seen.push(`${streamName} ${data}`));
  const stop = async (running: Promise<void>): Promise<void> => {
    void consumer.stop();
    await clock.advance(60_000);
    await running;
  };
  return { clock, looks, failing, events, seen, put, run, stop };
};

test('a stream that cannot be looked at is told of and read on, and the others are not asked for it', async () => {
  const { clock, looks, failing, events, seen, put, run, stop } = aWorld(
    ['orders', 'returns'],
    [{ streamName: 'orders' }, { streamName: 'returns' }],
  );
  const running = run();
  await clock.advance(1_000);
  failing.add('orders');
  await clock.advance(60_000);
  put('orders', 'one');
  await clock.advance(20_000);
  assert.deepEqual(seen, ['orders one']);
  const told = events.flatMap((event) => (event.kind === 'error' ? [event.streamName] : []));
  assert(told.length > 1, 'it is tried again soon');
  assert.deepEqual(new Set(told), new Set(['orders']));
  assert.equal(looks.filter((name) => name === 'returns').length, 2);
  await stop(running);
});

test('a long list is looked at slowly, for the service allows no more', async () => {
  const names = Array.from({ length: 60 }, (_, number) => `stream-${number}`);
  const { clock, looks, run, stop } = aWorld(
    names,
    names.map((streamName) => ({ streamName })),
  );
  const running = run();
  let before = looks.length;
  for (let second = 0; second < 10; second++) {
    await clock.advance(1_000);
    assert(looks.length - before <= 20 + 6, `${looks.length - before} in one second`);
    before = looks.length;
  }
  assert.equal(looks.length, 60);
  await stop(running);
});

test('a stream that is listed by its name and by its ARN is read once', async () => {
  const { clock, seen, put, run, stop } = aWorld(
    ['orders'],
    [{ streamName: 'orders' }, { streamArn: arnOf('orders') }],
  );
  put('orders', 'one');
  const running = run();
  await clock.advance(30_000);
  assert.deepEqual(seen, ['orders one']);
  await stop(running);
});

test('a stream has a position of its own to begin at', async () => {
  const { clock, seen, put, run, stop } = aWorld(
    ['orders', 'returns'],
    [{ streamName: 'orders', initialPosition: 'LATEST' }, { streamName: 'returns' }],
  );
  for (const name of ['orders', 'returns']) put(name, 'old');
  const running = run();
  await clock.advance(30_000);
  put('orders', 'new');
  await clock.advance(30_000);
  assert.deepEqual(seen.toSorted(), ['orders new', 'returns old']);
  await stop(running);
});

test('a list that is none is told of when it is answered', async () => {
  let list: readonly object[] = [{ streamName: 'orders' }];
  const { clock, events, seen, put, run, stop } = aWorld(['orders'], () => list as never);
  const running = run();
  await clock.advance(1_000);
  list = [{ name: 'orders' }];
  await clock.advance(70_000);
  put('orders', 'one');
  await clock.advance(10_000);
  assert.deepEqual(seen, ['orders one'], 'what was read is read on');
  const told = events.flatMap((event) => (event.kind === 'error' ? [String(event.error)] : []));
  assert.match(told[0] ?? '', /either its streamName or its streamArn/);
  await stop(running);
});
