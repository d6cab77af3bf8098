import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { settle } from '@millrace/client-common/testing';
import type { PutOutcome, UserRecord } from '@millrace/producer';
import { aProducer, watch } from './a-producer.ts';

const record = (number: number): UserRecord => ({
  partitionKey: `key ${number}`,
  data: Buffer.from(`${number}`),
});

/** Tells how far it was read. */
class Source {
  read = 0;
  isEnded = false;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<UserRecord> {
    try {
      while (this.read < this.#count) yield record(this.read++);
    } finally {
      this.isEnded = true;
    }
  }
}

test('a put waits while the buffer is full, in turn', async () => {
  const { clock, producer, service, put } = await aProducer({ bufferRecordsMax: 2 });
  const order: number[] = [];
  for (let number = 0; number < 5; number++) void put('k', `${number}`).then(() => order.push(number));
  assert.equal(producer.pendingRecords, 2);
  await clock.advance(130);
  assert.equal(service.visible().length, 2);
  assert.equal(producer.pendingRecords, 2);
  await clock.advance(1_000);
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
});

test('the line before a full buffer is bounded', async () => {
  const { clock, put } = await aProducer({ bufferRecordsMax: 1, waitingPutsMax: 1 });
  const [first, second, third] = [watch(put('a')), watch(put('b')), watch(put('c'))];
  await clock.advance(1_000);
  assert(first?.result !== undefined && second?.result !== undefined);
  assert.equal(third?.error?.code, 'BufferFull');
  assert.match(third?.error?.message ?? '', /1 records of 5 bytes are not settled, and 1 puts wait/);
});

test('bytes fill the buffer too, and a small record does not pass a large one in the line', async () => {
  const { producer, put } = await aProducer({ bufferBytesMax: 1_000, userRecordBytesMax: 1_000 });
  void put('k', 600);
  void put('k', 500);
  void put('k', 1);
  assert.equal(producer.pendingBytes, 601);
});

test('closing waits for those in the line', async () => {
  const { clock, producer, service, put } = await aProducer({ bufferRecordsMax: 1 });
  for (const key of ['a', 'b', 'c']) void put(key);
  const closed = watch(producer.close());
  await clock.advance(10_000);
  assert('result' in closed);
  assert.equal(service.visible().length, 3);
});

test('who awaits admission holds no more than the buffer', async () => {
  const { clock, producer } = await aProducer({ bufferRecordsMax: 3 });
  let admitted = 0;
  const writing = (async () => {
    for (; admitted < 9; admitted++) await producer.admit(record(admitted));
  })();
  await settle();
  assert.equal(admitted, 3);
  await clock.advance(10_000);
  await writing;
});

test('a failure after admission that nobody looks at does no harm', async () => {
  const { clock, producer } = await aProducer({ recordTtlMs: 200 }, { faults: { refused: 1 } });
  const admitted = await producer.admit(record(1));
  await clock.advance(1_000);
  await assert.rejects(admitted.result, { code: 'Expired' });
});

test('a source is read as fast as there is room, and its outcomes come in its order', async () => {
  const { clock, producer } = await aProducer(
    { bufferRecordsMax: 10, aggregation: false },
    { faults: { throttled: 0.3 } },
  );
  const source = new Source(100);
  const numbers: number[] = [];
  const reading = (async () => {
    for await (const { record: put, result } of producer.putAll(source)) {
      assert(result !== undefined);
      numbers.push(Number(Buffer.from(put.data).toString()));
      assert(source.read - numbers.length <= 11, `${source.read} read, ${numbers.length} done`);
    }
  })();
  for (let rounds = 0; rounds < 1_000 && numbers.length < 100; rounds++) await clock.advance(100);
  await reading;
  assert.deepEqual(
    numbers,
    Array.from({ length: 100 }, (_, number) => number),
  );
});

test('outcomes come while the source gives nothing new', async () => {
  const { clock, producer } = await aProducer();
  const more = Promise.withResolvers<void>();
  async function* source(): AsyncGenerator<UserRecord> {
    yield record(0);
    await more.promise;
    yield record(1);
  }
  const outcomes = producer.putAll(source());
  const first = watch(outcomes.next());
  await clock.advance(200);
  assert(first.result?.value?.result !== undefined);
  more.resolve();
  const second = watch(outcomes.next());
  await clock.advance(200);
  assert(second.result?.value?.result !== undefined);
  assert.equal((await outcomes.next()).done, true);
});

test('a record that fails is an outcome, and the next go on', async () => {
  const { clock, producer } = await aProducer();
  const records = [record(0), { partitionKey: '', data: Buffer.alloc(0) }, record(2)];
  const outcomes: PutOutcome[] = [];
  const reading = (async () => {
    for await (const outcome of producer.putAll(records)) outcomes.push(outcome);
  })();
  await clock.advance(1_000);
  await reading;
  assert.deepEqual(
    outcomes.map(({ error }) => error?.name),
    [undefined, 'ProducerError', undefined],
  );
  assert.equal(outcomes[1]?.record, records[1]);
});

test('who has seen enough ends the source', async () => {
  const { clock, producer } = await aProducer({ bufferRecordsMax: 5 });
  const source = new Source(1_000_000);
  const reading = (async () => {
    for await (const _ of producer.putAll(source)) break;
  })();
  await clock.advance(1_000);
  await reading;
  await settle();
  assert(source.isEnded);
});

test('an error of the source reaches who reads the outcomes', async () => {
  const { producer } = await aProducer();
  const source = new Source(1);
  const outcomes = producer.putAll(Readable.from(source).destroy(new Error('no more ink')));
  await assert.rejects(outcomes.next(), /no more ink/);
});

test('a stream can be piped into a producer, and finishes when everything is put', async () => {
  const { clock, producer, service } = await aProducer({ bufferRecordsMax: 7 });
  const source = new Source(50);
  const piped = watch(pipeline(source, producer.writable()));
  await settle();
  // The buffer, what waits before it, and one that is being read.
  assert(source.read <= 7 + 17, `${source.read}`);
  for (let rounds = 0; rounds < 100 && !('result' in piped); rounds++) await clock.advance(100);
  assert('result' in piped);
  assert.equal(service.visible().length, 50);
});

test('a record that fails destroys the stream that it was written to', async () => {
  const { clock, producer } = await aProducer({ recordTtlMs: 200 }, { faults: { refused: 1 } });
  const piped = watch(pipeline(new Source(5), producer.writable()));
  await clock.advance(10_000);
  assert.equal(piped.error?.code, 'Expired');
});
