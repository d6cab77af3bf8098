import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AggregateBuilder } from '@millrace/aggregation';
import { FakeClock } from '@millrace/client-common/testing';
import {
  type Checkpointer,
  type ConsumedRecord,
  Consumer,
  type ConsumerEvent,
  type ConsumerOptions,
  type Lease,
  MemoryLeaseStore,
  type RecordProcessor,
  type Transport,
} from '@millrace/consumer';
import { FakeStream } from './fake-stream.ts';

const SHARD = 'shardId-000000000000';

/** A stream of one shard, and what is needed to run consumers on it. */
const aWorld = (shardCount = 1) => {
  const clock = new FakeClock();
  const stream = new FakeStream(shardCount);
  const store = new MemoryLeaseStore();
  const events: ConsumerEvent[] = [];
  const aConsumer = (options: Partial<ConsumerOptions> = {}, transport: Partial<Transport> = {}): Consumer =>
    new Consumer(
      { workerId: 'me', onEvent: (event) => events.push(event), ...options },
      {
        clock,
        random: { next: () => 0 },
        store,
        transport: {
          listShards: (openAt) => stream.listShards(openAt),
          getIterator: (shardId, start) => stream.getIterator(shardId, start),
          getRecords: (iterator) => stream.getRecords(iterator),
          registerConsumer: (name) => stream.registerConsumer(name),
          describeConsumer: (consumerArn) => stream.describeConsumer(consumerArn),
          subscribe: (request, signal) => stream.subscribe(request, signal),
          close: () => {},
          ...transport,
        },
      },
    );
  const lease = async (shardId = SHARD): Promise<Lease> => {
    const found = await store.get(shardId);
    assert(found !== undefined);
    return found;
  };
  /** Runs it for so long, and stops it. */
  const runFor = async (ms: number, consumer: Consumer, running: Promise<void>): Promise<void> => {
    await clock.advance(ms);
    const stopped = consumer.stop();
    await clock.advance(60_000);
    await stopped;
    await running;
  };
  return { clock, stream, store, events, aConsumer, lease, runFor };
};

const texts = (records: readonly ConsumedRecord[]): string[] => records.map(({ data }) => String(data));

/** A processor that does nothing but what is given. */
const aProcessor = (methods: Partial<RecordProcessor>): RecordProcessor => ({
  processRecords: () => {},
  shardEnded: (checkpointer) => checkpointer.checkpoint(),
  ...methods,
});

describe('checkpoints', () => {
  test('lie behind the last and not behind what was delivered', async () => {
    const { stream, aConsumer, runFor, lease } = aWorld();
    stream.put('ada', 'one');
    stream.put('ada', 'two');
    const outcomes: string[] = [];
    const attempt = async (checkpointer: Checkpointer, sequenceNumber: string): Promise<void> => {
      const place = { sequenceNumber, subSequenceNumber: 0 };
      await checkpointer.checkpoint(place).then(
        () => outcomes.push(`${sequenceNumber} done`),
        (error) => outcomes.push(`${sequenceNumber} ${error.code}`),
      );
    };
    const consumer = aConsumer();
    const running = consumer.runProcessors(() =>
      aProcessor({
        processRecords: async ({ checkpointer }) => {
          for (const place of ['103', 'SHARD_END', '102', '101', '102', 'TRIM_HORIZON']) {
            await attempt(checkpointer, place);
          }
        },
      }),
    );
    await runFor(10_000, consumer, running);
    const refused = ['101 InvalidCheckpoint', '102 done', 'TRIM_HORIZON InvalidCheckpoint'];
    assert.deepEqual(outcomes, [
      '103 InvalidCheckpoint',
      'SHARD_END InvalidCheckpoint',
      '102 done',
      ...refused,
    ]);
    assert.equal((await lease()).checkpoint.sequenceNumber, '102');
  });

  test('in the middle of an aggregate go on with its next record', async () => {
    const { stream, aConsumer, runFor, lease } = aWorld();
    stream.put('ada', 'a', 'b', 'c');
    stream.put('ada', 'd');
    const seen: string[][] = [];
    for (let run = 0; run < 2; run++) {
      const consumer = aConsumer();
      const running = consumer.runProcessors(() =>
        aProcessor({
          processRecords: async ({ records, checkpointer }) => {
            seen.push(texts(records));
            if (run === 0) await checkpointer.checkpoint(records[1]);
          },
        }),
      );
      await runFor(10_000, consumer, running);
      assert.deepEqual((await lease()).checkpoint, { sequenceNumber: '101', subSequenceNumber: 1 });
    }
    assert.deepEqual(seen, [
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ]);
  });

  test('in two steps: the first is told to whoever begins before the second', async () => {
    const { stream, aConsumer, runFor, lease } = aWorld();
    stream.put('ada', 'one');
    const begun: unknown[] = [];
    for (let run = 0; run < 3; run++) {
      const consumer = aConsumer();
      const running = consumer.runProcessors(() =>
        aProcessor({
          initialize: ({ pending }) =>
            void begun.push(pending && [pending.checkpoint.sequenceNumber, String(pending.state)]),
          processRecords: async ({ checkpointer }) => {
            const prepared = await checkpointer.prepare(undefined, Buffer.from('file 7'));
            if (run === 1) await prepared.commit();
          },
        }),
      );
      await runFor(10_000, consumer, running);
    }
    assert.deepEqual(begun, [undefined, ['101', 'file 7'], undefined]);
    assert.equal((await lease()).checkpoint.sequenceNumber, '101');
    assert.equal((await lease()).pending, undefined);
  });
});

describe('the life of a processor', () => {
  test('a shard that ends has to be checkpointed, or its end comes again', async () => {
    const { stream, aConsumer, clock, events, lease } = aWorld();
    stream.put('ada', 'one');
    const [shard] = stream.open;
    assert(shard !== undefined);
    stream.split(shard);
    let ends = 0;
    const consumer = aConsumer({ idleMs: 100 });
    const running = consumer.runProcessors(() =>
      aProcessor({ shardEnded: (checkpointer) => (++ends < 3 ? undefined : checkpointer.checkpoint()) }),
    );
    await clock.advance(120_000);
    assert.equal(ends, 3);
    assert.equal((await lease()).checkpoint.sequenceNumber, 'SHARD_END');
    const errors = events.flatMap((event) =>
      event.kind === 'error' ? [event.error as { code?: string }] : [],
    );
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['NotCheckpointed', 'NotCheckpointed'],
    );
    void consumer.stop();
    await clock.advance(60_000);
    await running;
  });

  test('the children of a shard have their leases before it is said to have ended', async () => {
    const { stream, aConsumer, clock, store } = aWorld();
    const [shard] = stream.open;
    assert(shard !== undefined);
    stream.split(shard);
    const known: string[][] = [];
    const consumer = aConsumer();
    const running = consumer.runProcessors(() =>
      aProcessor({
        shardEnded: async (checkpointer) => {
          known.push((await store.list()).map(({ leaseKey }) => leaseKey).toSorted());
          await checkpointer.checkpoint();
        },
      }),
    );
    await clock.advance(10_000);
    assert.deepEqual(known, [[SHARD, 'shardId-000000000001', 'shardId-000000000002']]);
    const children = (await store.list()).filter(({ owner }) => owner === 'me');
    assert.equal(children.length, 2);
    void consumer.stop();
    await clock.advance(60_000);
    await running;
  });

  test('it is told once that it is to stop, and the lease passes to the one that waits for it', async () => {
    const { stream, aConsumer, clock, lease, store } = aWorld();
    stream.put('ada', 'one');
    const told: string[] = [];
    const consumer = aConsumer();
    const running = consumer.runProcessors(() =>
      aProcessor({
        leaseLost: () => void told.push('leaseLost'),
        shutdownRequested: async (checkpointer) => {
          told.push('shutdownRequested');
          await checkpointer.checkpoint();
        },
      }),
    );
    await clock.advance(5_000);
    store.put({ ...(await lease()), owner: 'ada', checkpointOwner: 'me' });
    await clock.advance(5_000);
    const { owner, checkpointOwner, checkpoint } = await lease();
    assert.deepEqual([owner, checkpointOwner, checkpoint.sequenceNumber], ['ada', undefined, '101']);
    assert.deepEqual(told, ['shutdownRequested']);
    void consumer.stop();
    await clock.advance(60_000);
    await running;
  });

  test('it is told that its lease is lost, and cannot checkpoint any more', async () => {
    const { stream, aConsumer, clock, lease, store } = aWorld();
    stream.put('ada', 'one');
    const told: string[] = [];
    let kept: Checkpointer | undefined;
    const consumer = aConsumer();
    const running = consumer.runProcessors(() =>
      aProcessor({
        processRecords: ({ checkpointer }) => {
          kept = checkpointer;
        },
        leaseLost: () => void told.push('leaseLost'),
        shutdownRequested: () => void told.push('shutdownRequested'),
      }),
    );
    await clock.advance(5_000);
    store.put({ ...(await lease()), owner: 'ada', counter: 1_000 });
    await clock.advance(5_000);
    assert.deepEqual(told, ['leaseLost']);
    assert(kept !== undefined);
    await assert.rejects(kept.checkpoint(), { code: 'LeaseLost' });
    void consumer.stop();
    await clock.advance(60_000);
    await running;
  });

  test('a consumer runs once', async () => {
    const { aConsumer, runFor } = aWorld();
    const consumer = aConsumer();
    const running = consumer.run(() => {});
    await assert.rejects(
      consumer.run(() => {}),
      { code: 'Running' },
    );
    await runFor(1_000, consumer, running);
  });
});

describe('reading', () => {
  test('no more is fetched than fits, while the application is slow', async () => {
    const { stream, aConsumer, clock, runFor } = aWorld();
    stream.answerMax = 1;
    for (let number = 0; number < 50; number++) stream.put('ada', `record ${number}`);
    let reads = 0;
    const getRecords = (iterator: string) => {
      reads++;
      return stream.getRecords(iterator);
    };
    const seen: string[] = [];
    const consumer = aConsumer({ prefetchBatchesMax: 3 }, { getRecords });
    const running = consumer.run(async ({ data }) => {
      seen.push(String(data));
      if (seen.length === 1) await new Promise<void>((resolve) => void clock.after(60_000, resolve));
    });
    await clock.advance(50_000);
    // One with the application, three that wait.
    assert.equal(reads, 4);
    await clock.advance(60_000);
    assert.equal(seen.length, 50);
    await runFor(0, consumer, running);
  });

  test('an iterator that expires, a throttle and a broken connection lose nothing', async () => {
    const { stream, aConsumer, clock, runFor, events } = aWorld();
    stream.answerMax = 1;
    const names = Array.from({ length: 30 }, (_, number) => `record ${number}`);
    for (const name of names) stream.put('ada', name);
    let reads = 0;
    const getRecords = async (iterator: string) => {
      reads++;
      if (reads % 3 === 0) stream.expireIterators();
      if (reads % 5 === 0)
        throw Object.assign(new Error('slow'), { name: 'ProvisionedThroughputExceededException' });
      const answer = await stream.getRecords(iterator);
      if (reads % 7 === 0) throw new Error('the connection broke');
      return answer;
    };
    const seen: string[] = [];
    const consumer = aConsumer({}, { getRecords });
    const running = consumer.run(({ data }) => void seen.push(String(data)));
    await clock.advance(60_000);
    assert.deepEqual(seen, names);
    assert(events.some((event) => event.kind === 'error' && event.during === 'read records'));
    await runFor(0, consumer, running);
  });

  test('an aggregate that lies outside its shard is left out, and an event says how much that was', async () => {
    const { stream, aConsumer, events, runFor } = aWorld(2);
    const builder = new AggregateBuilder();
    for (const hashKey of ['1', '2', String(2n ** 127n + 1n)]) {
      builder.add({ partitionKey: 'ada', explicitHashKey: hashKey, data: Buffer.from(hashKey) });
    }
    stream.putRecord(builder.build(), []);
    const seen: string[] = [];
    for (const outsideRange of ['drop', 'deliver'] as const) {
      const consumer = aConsumer({ outsideRange });
      const running = consumer.runProcessors(() =>
        aProcessor({ processRecords: ({ records }) => void seen.push(...texts(records)) }),
      );
      await runFor(10_000, consumer, running);
      const dropped = events.flatMap((event) =>
        event.kind === 'aggregateDropped' ? [event.recordCount] : [],
      );
      assert.deepEqual(dropped, [3]);
      assert.equal(seen.length, outsideRange === 'drop' ? 0 : 3);
    }
  });
});

describe('poisoned records', () => {
  test('a function decides, and is told how often it was tried', async () => {
    const { stream, aConsumer, clock, events, runFor } = aWorld();
    for (const name of ['one', 'two', 'three']) stream.put('ada', name);
    const attempts: number[] = [];
    const seen: string[] = [];
    const consumer = aConsumer({
      poison: ({ attempt, records }) => {
        assert.deepEqual(texts(records), ['two']);
        attempts.push(attempt);
        return attempt < 3 ? 'retry' : 'skip';
      },
    });
    const running = consumer.run(({ data }) => {
      if (String(data) === 'two') throw new Error('bad');
      seen.push(String(data));
    });
    await clock.advance(10_000);
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.deepEqual(seen, ['one', 'three']);
    const skipped = events.filter(({ kind }) => kind === 'recordsSkipped');
    assert.equal(skipped.length, 1);
    await runFor(0, consumer, running);
  });

  test('a listener that fails stops nothing', async () => {
    const { stream, aConsumer, clock, runFor } = aWorld();
    stream.put('ada', 'one');
    const seen: string[] = [];
    const onEvent = (): void => {
      throw new Error('the listener is broken');
    };
    const consumer = aConsumer({ onEvent });
    const running = consumer.run(({ data }) => void seen.push(String(data)));
    await clock.advance(10_000);
    assert.deepEqual(seen, ['one']);
    await runFor(0, consumer, running);
  });
});
