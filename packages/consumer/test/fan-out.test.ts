import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import {
  Consumer,
  type ConsumerEvent,
  type ConsumerOptions,
  MemoryLeaseStore,
  type RecordsEvent,
  type SubscribeRequest,
  type Transport,
} from '@millrace/consumer';
import { FakeStream } from './fake-stream.ts';

const SHARD = 'shardId-000000000000';
const EVENT_TIMEOUT_MS = 12_000;

const failure = (name: string): Error => Object.assign(new Error(name), { name });

type Events = AsyncGenerator<RecordsEvent, void, void>;
type Wrap = (
  events: Events,
  subscription: { readonly number: number; readonly signal: AbortSignal },
) => Events;

/** One worker, and a record of how it subscribes; `wrap` is what happens to each subscription on its way. */
const aWorld = (wrap: Wrap = (events) => events, shardCount = 1) => {
  const clock = new FakeClock();
  const stream = new FakeStream(shardCount);
  const store = new MemoryLeaseStore();
  const told: ConsumerEvent[] = [];
  const calls: { atMs: number; request: SubscribeRequest; signal: AbortSignal; given: number }[] = [];

  async function* subscribe(request: SubscribeRequest, signal: AbortSignal): Events {
    const call = { atMs: clock.monotonic(), request, signal, given: 0 };
    calls.push(call);
    for await (const event of wrap(stream.subscribe(request, signal), { number: calls.length, signal })) {
      call.given++;
      yield event;
    }
  }
  const seen: string[] = [];
  const aConsumer = (options: Partial<ConsumerOptions> = {}, transport: Partial<Transport> = {}): Consumer =>
    new Consumer(
      {
        workerId: 'me',
        retrieval: 'fanOut',
        consumerName: 'billing',
        eventTimeoutMs: EVENT_TIMEOUT_MS,
        onEvent: (event) => told.push(event),
        ...options,
      },
      {
        clock,
        random: { next: () => 0 },
        store,
        transport: {
          listShards: (openAt) => stream.listShards(openAt),
          getIterator: () => Promise.reject(new Error('nobody polls')),
          getRecords: () => Promise.reject(new Error('nobody polls')),
          registerConsumer: (name) => stream.registerConsumer(name),
          describeConsumer: (consumerArn) => stream.describeConsumer(consumerArn),
          subscribe,
          close: () => {},
          ...transport,
        },
      },
    );
  /** Runs one until it is stopped; `work` is done on every record. */
  const begin = (consumer: Consumer, work: () => Promise<void> | void = () => {}) => {
    const running = consumer.run(async ({ data }) => {
      seen.push(String(data));
      await work();
    });
    const stop = async (): Promise<void> => {
      const stopped = consumer.stop();
      await clock.advance(60_000);
      await stopped;
      await running;
      assert.equal(clock.timers, 0, 'nothing is left to happen');
    };
    return { running, stop };
  };
  const errors = (): string[] =>
    told.flatMap((event) => (event.kind === 'error' ? [(event.error as Error).name] : []));
  const starts = (): string[] =>
    calls.map(({ request: { start } }) =>
      start.kind === 'initial' ? String(start.position) : `${start.kind} ${start.sequenceNumber}`,
    );
  return { clock, stream, store, told, calls, seen, aConsumer, begin, errors, starts };
};

/** Breaks off behind the first event. */
const first: Wrap = async function* (events) {
  const { value } = await events.next();
  if (value !== undefined) yield value;
};

describe('a subscription', () => {
  test('begins at the first record, and at the checkpoint when there is one', async () => {
    const { clock, stream, aConsumer, begin, starts, seen } = aWorld();
    stream.put('ada', 'a', 'b');
    for (const expected of ['TRIM_HORIZON', 'at 101']) {
      const { stop } = begin(aConsumer());
      await clock.advance(10_000);
      assert.equal(starts().at(-1), expected);
      await stop();
    }
    assert.deepEqual(seen, ['a', 'b'], 'what is done is not handed over again');
  });

  test('that the service ends is followed by one behind the last event, without an error', async () => {
    const { clock, stream, aConsumer, begin, starts, seen, errors } = aWorld(first);
    stream.answerMax = 1;
    for (const name of ['a', 'b', 'c']) stream.put('ada', name);
    const { stop } = begin(aConsumer());
    await clock.advance(10_000);
    await stop();
    assert.deepEqual(seen, ['a', 'b', 'c']);
    assert.deepEqual(starts(), ['TRIM_HORIZON', 'after 101', 'after 102', 'after 103']);
    assert.deepEqual(errors(), []);
  });

  test('is asked for once a second at most', async () => {
    const { clock, aConsumer, begin, calls } = aWorld(async function* () {});
    const { stop } = begin(aConsumer());
    await clock.advance(10_000);
    await stop();
    assert(calls.length > 5);
    const gaps = calls.slice(1).map(({ atMs }, index) => atMs - (calls[index]?.atMs ?? 0));
    assert(
      gaps.every((gap) => gap >= 1_000),
      `${gaps}`,
    );
  });

  for (const name of [
    'ResourceInUseException',
    'LimitExceededException',
    'InternalFailureException',
    'ECONNRESET',
  ]) {
    test(`that fails with ${name} is followed by another, and nothing is lost`, async () => {
      const { clock, stream, aConsumer, begin, starts, seen, errors } = aWorld(async function* (
        events,
        { number },
      ) {
        if (number === 1) throw failure(name);
        if (number !== 2) return yield* events;
        yield* first(events, { number, signal: AbortSignal.any([]) });
        throw failure(name);
      });
      stream.answerMax = 1;
      stream.put('ada', 'a');
      stream.put('ada', 'b');
      const { stop } = begin(aConsumer());
      await clock.advance(10_000);
      await stop();
      assert.deepEqual(seen, ['a', 'b']);
      assert.deepEqual(starts(), ['TRIM_HORIZON', 'TRIM_HORIZON', 'after 101']);
      assert.deepEqual(errors(), [name, name]);
    });
  }

  test('that is silent for too long is closed and replaced', async () => {
    const { clock, stream, aConsumer, begin, calls, seen, errors } = aWorld();
    const { stop } = begin(aConsumer());
    await clock.advance(EVENT_TIMEOUT_MS + 9_000);
    assert.deepEqual(errors(), ['RequestTimeout']);
    assert.deepEqual(
      calls.map(({ signal }) => signal.aborted),
      [true, false],
    );
    stream.put('ada', 'a');
    await clock.advance(1);
    assert.deepEqual(seen, ['a']);
    await stop();
  });

  test('closes at once when the consumer stops', async () => {
    const { clock, aConsumer, begin, calls } = aWorld();
    const consumer = aConsumer();
    const { stop } = begin(consumer);
    await clock.advance(5_000);
    assert.deepEqual(
      calls.map(({ signal }) => signal.aborted),
      [false],
    );
    void consumer.stop();
    await clock.advance(0);
    assert.deepEqual(
      calls.map(({ signal }) => signal.aborted),
      [true],
    );
    await stop();
  });

  test('is read no further than fits while the application is slow', async () => {
    const { clock, stream, aConsumer, begin, calls, seen } = aWorld();
    stream.answerMax = 1;
    for (let count = 0; count < 50; count++) stream.put('ada', `r${count}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    const { stop } = begin(aConsumer({ prefetchBatchesMax: 3 }), () => promise);
    await clock.advance(60_000);
    // One with the application, three that wait.
    assert.deepEqual([calls.length, calls[0]?.given], [1, 4]);
    resolve();
    await clock.advance(1);
    assert.equal(seen.length, 50);
    await stop();
  });
});

describe('the end', () => {
  test('of a shard is its children and no continuation; then they are read', async () => {
    const { clock, stream, aConsumer, begin, calls, seen, told } = aWorld();
    stream.put('ada', 'a');
    const { stop } = begin(aConsumer({ parentPollMs: 1_000 }));
    await clock.advance(5_000);
    stream.split(stream.require(SHARD));
    stream.put('ada', 'b');
    await clock.advance(30_000);
    await stop();
    assert.deepEqual(seen, ['a', 'b']);
    assert.deepEqual(new Set(calls.map(({ request }) => request.shardId)).size, 3);
    assert(told.some(({ kind }) => kind === 'shardEnded'));
  });

  test('without children is none: the shard is asked again', async () => {
    const { clock, stream, aConsumer, begin, seen, errors, told } = aWorld(async function* (
      events,
      { number },
    ) {
      if (number > 1) return yield* events;
      for await (const event of events) yield { ...event, continuation: undefined };
    });
    stream.put('ada', 'a');
    const { stop } = begin(aConsumer());
    await clock.advance(10_000);
    await stop();
    assert.deepEqual(errors(), ['Error']);
    assert.deepEqual(seen, ['a']);
    assert(!told.some(({ kind }) => kind === 'shardEnded'));
  });

  test('of a shard that is not there any more is its end too', async () => {
    const { clock, stream, aConsumer, begin, errors, told } = aWorld(first);
    stream.put('ada', 'a');
    const { stop } = begin(aConsumer());
    await clock.advance(500);
    // Trimmed between two subscriptions.
    stream.split(stream.require(SHARD));
    stream.shards.splice(0, 1);
    await clock.advance(8_000);
    assert.deepEqual(errors(), ['ResourceNotFoundException']);
    assert(told.some((event) => event.kind === 'shardEnded' && event.shardId === SHARD));
    await stop();
  });
});

describe('the consumer of the stream', () => {
  test('is registered by its name, and waited for until it is ACTIVE', async () => {
    const { clock, stream, aConsumer, begin, calls, told } = aWorld();
    stream.newStatus = 'CREATING';
    const { stop } = begin(aConsumer());
    await clock.advance(3_000);
    assert.equal(calls.length, 0);
    stream.consumers.set('arn:billing', { consumerArn: 'arn:billing', status: 'ACTIVE' });
    await clock.advance(3_000);
    assert.equal(calls[0]?.request.consumerArn, 'arn:billing');
    const statuses = told.flatMap((event) => (event.kind === 'streamConsumer' ? [event.status] : []));
    assert.deepEqual([statuses[0], statuses.at(-1)], ['CREATING', 'ACTIVE']);
    await stop();
  });

  test('that never becomes ACTIVE does not keep a worker from stopping', async () => {
    const { clock, stream, aConsumer, begin, errors } = aWorld();
    stream.newStatus = 'CREATING';
    const { stop } = begin(aConsumer());
    await clock.advance(120_000);
    assert(errors().length > 1, 'it is told each time that nothing came of it');
    await stop();
  });

  test('that somebody has removed is registered again', async () => {
    const { clock, stream, aConsumer, begin, seen, errors, told } = aWorld(first, 2);
    const { stop } = begin(aConsumer());
    await clock.advance(3_000);
    stream.consumers.clear();
    stream.put('ada', 'a');
    await clock.advance(3_000);
    stream.put('ada', 'b');
    await clock.advance(3_000);
    assert.deepEqual(seen, ['a', 'b']);
    assert.deepEqual(errors(), ['ResourceNotFoundException']);
    assert(stream.consumers.has('arn:billing'));
    assert(!told.some(({ kind }) => kind === 'shardEnded'));
    await stop();
  });

  test('is looked up, not registered, where its ARN is given', async () => {
    const { clock, stream, aConsumer, begin, calls } = aWorld();
    const consumerArn = 'arn:other';
    await assert.rejects(
      aConsumer({ consumerName: undefined, consumerArn }).run(() => {}),
      { code: 'StartFailed' },
    );
    stream.consumers.set(consumerArn, { consumerArn, status: 'ACTIVE' });
    const { stop } = begin(aConsumer({ consumerArn }));
    await clock.advance(5_000);
    assert.equal(calls[0]?.request.consumerArn, consumerArn);
    assert.deepEqual([...stream.consumers.keys()], [consumerArn]);
    await stop();
  });

  test('has to have a name', () => {
    const { aConsumer } = aWorld();
    assert.throws(() => aConsumer({ consumerName: undefined }), {
      code: 'InvalidSettings',
      message: /consumerName/,
    });
  });
});
