import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAggregate } from '@millrace/aggregation';
import { aProducer, watch } from './a-producer.ts';

const MIB = 1024 * 1024;
const throttling = { throttled: 1 };

test('a put says where the record is and how it came there', async () => {
  const { clock, service, put } = await aProducer();
  const seen = watch(put('ada'));
  await clock.advance(1_000);
  const attempts = [{ delayMs: 120, durationMs: 10, success: true }];
  assert.deepEqual(seen.result, { shardId: 'shardId-000000000000', sequenceNumber: '0', attempts });
  const [record] = service.requests[0] ?? [];
  assert.equal(record?.partitionKey, 'ada');
  assert.deepEqual(record.data, Buffer.from('data'));
});

test('records of one shard travel as one, after 100 ms and a fifth', async () => {
  const { clock, service, put } = await aProducer();
  for (const key of ['ada', 'grace', 'ada']) void put(key);
  await clock.advance(119);
  assert.equal(service.requests.length, 0);
  await clock.advance(1);
  const [request = []] = service.requests;
  assert.equal(request.length, 1);
  assert.deepEqual(
    decodeAggregate(request[0]?.data ?? Buffer.alloc(0))?.map(({ partitionKey }) => partitionKey),
    ['ada', 'grace', 'ada'],
  );
});

test('records of different shards share a request and no aggregate', async () => {
  const { clock, service, put } = await aProducer({}, { shards: 2 });
  for (let key = 0; key < 20; key++) void put(`key ${key}`);
  await clock.advance(1_000);
  assert.equal(service.requests.length, 1);
  assert.equal(service.requests[0]?.length, 2);
  assert.equal(service.visible().length, 20);
});

test('with aggregation off each record goes as it came', async () => {
  const { clock, service, put } = await aProducer({ aggregation: false });
  for (const key of ['ada', 'grace']) void put(key);
  await clock.advance(1_000);
  assert.deepEqual(
    service.stored.map(({ partitionKey }) => partitionKey),
    ['ada', 'grace'],
  );
});

test('with one connection and no failure the records of a key keep their order, large ones among small ones', async () => {
  const { clock, service, put } = await aProducer(
    { connectionsMax: 1, aggregationBytesMax: 500 },
    { shards: 3 },
  );
  for (let number = 0; number < 300; number++) {
    void put(`key ${number % 7}`, `${number}${'.'.repeat(number % 11 === 0 ? 800 : 0)}`);
    if (number % 50 === 0) await clock.advance(60);
  }
  await clock.advance(10_000);
  const last = new Map<string, number>();
  for (const { partitionKey, data } of service.visible()) {
    const number = Number.parseInt(Buffer.from(data).toString(), 10);
    assert(
      number > (last.get(partitionKey) ?? -1),
      `${partitionKey}: ${number} after ${last.get(partitionKey)}`,
    );
    last.set(partitionKey, number);
  }
  assert.equal(service.visible().length, 300);
});

test('an aggregate is sent when the next record does not fit, to the byte', async () => {
  const { service, clock, put } = await aProducer({ aggregationBytesMax: 100 });
  for (let number = 0; number < 12; number++) void put('k', 10);
  await clock.advance(1_000);
  const sizes = service.stored.map(({ data }) => data.length);
  // 20 bytes of envelope, 3 of the key, 16 of each record.
  assert.deepEqual(sizes, [20 + 3 + 4 * 16, 20 + 3 + 4 * 16, 20 + 3 + 4 * 16]);
});

test('a request goes at once when it holds 256 KiB for one shard', async () => {
  const { service, put } = await aProducer({ aggregation: false });
  for (let number = 0; number < 26; number++) void put('k', 10 * 1024);
  assert.deepEqual(
    service.requests.map(({ length }) => length),
    [26],
  );
});

test('before the shards are known records wait for them', async () => {
  const { clock, service, put } = await aProducer({}, { isKnown: false });
  service.latencyMs = { least: 400, most: 400 };
  for (const key of ['ada', 'grace']) void put(key);
  await clock.advance(2_000);
  assert.equal(service.stored.length, 1);
});

test('while the shards cannot be listed each record goes alone, and the list is asked for ever more rarely', async () => {
  const { clock, service, put } = await aProducer({}, { faults: { listRefused: 1 }, isKnown: false });
  for (const key of ['ada', 'grace']) void put(key);
  await clock.advance(1_000);
  assert.equal(service.stored.length, 2);
  // Asked at 0 s, after 1 s, 1.5 s, 2.25 s, 3.4 s, 5.1 s, 7.6 s, 11.4 s, 17.1 s, 25.6 s, and every 30 s from then on.
  await clock.advance(79_000);
  assert.equal(service.lists, 10);
  await clock.advance(300_000);
  assert.equal(service.lists, 20);
});

test('a record that was throttled is put again', async () => {
  const { clock, service, put } = await aProducer({}, { faults: throttling });
  const seen = watch(put('ada'));
  await clock.advance(130);
  service.faults = {};
  await clock.advance(1_000);
  assert.deepEqual(
    seen.result?.attempts.map(({ success, errorCode }) => ({ success, errorCode })),
    [
      { success: false, errorCode: 'ProvisionedThroughputExceededException' },
      { success: true, errorCode: undefined },
    ],
  );
  assert.equal(seen.result?.attempts[0]?.errorMessage, 'Rate exceeded for shard shardId-000000000000');
});

test('an aggregate of very many records is put again as well', async () => {
  const bytes = { aggregationBytesMax: 10 * MIB, collectionBytesMax: 10 * MIB };
  const { clock, service, put } = await aProducer(
    { ...bytes, bufferRecordsMax: 200_000 },
    { faults: throttling },
  );
  let count = 0;
  for (let number = 0; number < 200_000; number++) put('k', 0).then(() => count++);
  await clock.advance(130);
  service.faults = {};
  await clock.advance(1_000);
  assert.equal(count, 200_000);
  assert.equal(service.stored.length, 1);
});

test('a record that was throttled fails at once where that is asked for', async () => {
  const { clock, put } = await aProducer({ failIfThrottled: true }, { faults: throttling });
  const seen = watch(put('ada'));
  await clock.advance(130);
  assert.equal(seen.error?.code, 'Throttled');
});

test('a record that cannot be put fails when its time is over, and tells why', async () => {
  const { clock, put } = await aProducer({ recordTtlMs: 2_000 }, { faults: { refused: 1 } });
  const seen = watch(put('ada'));
  await clock.advance(1_999);
  assert.equal(Object.hasOwn(seen, 'error'), false);
  await clock.advance(1_000);
  assert.equal(seen.error?.code, 'Expired');
  assert.match(seen.error?.message ?? '', /within 2000 ms; last: ECONNREFUSED: ECONNREFUSED happened/);
});

test('an answer that never comes is given up, and the record put again', async () => {
  const { clock, service, put } = await aProducer({ requestTimeoutMs: 500 }, { faults: { silent: 1 } });
  const seen = watch(put('ada'));
  await clock.advance(200);
  service.faults = {};
  await clock.advance(1_000);
  assert.equal(seen.result?.attempts[0]?.errorCode, 'RequestTimeout');
  assert.equal(seen.result?.attempts[0]?.durationMs, 500);
});

test('an answer with another number of entries than the request says nothing', async () => {
  const { clock, service, put } = await aProducer({}, { faults: { miscounted: 1 } });
  const seen = watch(put('ada'));
  await clock.advance(130);
  service.faults = {};
  await clock.advance(1_000);
  assert.equal(seen.result?.attempts[0]?.errorCode, 'RecordCountMismatch');
});

test('one record that the service refuses does not take others with it', async () => {
  const { clock, service, put } = await aProducer({}, { shards: 2 });
  const inner = service.putRecords.bind(service);
  service.putRecords = async (records, signal) => {
    if (records.some(({ data }) => Buffer.from(data).includes('poison'))) {
      throw Object.assign(new Error('no such thing'), { name: 'InvalidArgumentException' });
    }
    return inner(records, signal);
  };
  const good = Array.from({ length: 20 }, (_, key) => watch(put(`key ${key}`)));
  const bad = watch(put('key', 'poison'));
  await clock.advance(5_000);
  assert(good.every(({ result }) => result !== undefined));
  assert.equal(bad.error?.code, 'Refused');
  assert.equal(bad.error?.message, 'no such thing');
});

test('an aggregate that a split cut in two is put again, in the right shards', async () => {
  const { clock, service, put } = await aProducer();
  const seen = Array.from({ length: 20 }, (_, key) => watch(put(`key ${key}`)));
  service.split(0);
  await clock.advance(5_000);
  assert.equal(service.visible().length, 20);
  for (const { result } of seen) {
    assert.deepEqual(
      result?.attempts.map(({ errorCode }) => errorCode),
      ['WrongShard', undefined],
    );
  }
  assert.equal(service.lists, 2);
});

test('an aggregate that a merge left whole is not put again', async () => {
  const { clock, service, put } = await aProducer({}, { shards: 2 });
  const seen = Array.from({ length: 20 }, (_, key) => watch(put(`key ${key}`)));
  service.merge(0);
  await clock.advance(5_000);
  for (const { result } of seen) assert.equal(result?.attempts.length, 1);
  assert.equal(service.visible().length, 20);
});

test('a shard gets no more than its rate, however much is put', async () => {
  const { clock, service, put } = await aProducer({ aggregation: false, rateLimitPercent: 100 });
  for (let number = 0; number < 5_000; number++) void put('k');
  await clock.advance(150);
  assert(service.stored.length <= 1_150, `${service.stored.length}`);
  await clock.advance(1_000);
  assert(service.stored.length > 2_000 && service.stored.length <= 2_150, `${service.stored.length}`);
});

test('bytes are limited as records are, and a record larger than the burst passes', async () => {
  const options = { userRecordBytesMax: 10 * MIB, rateLimitPercent: 100, recordTtlMs: 60_000 };
  const { clock, service, put } = await aProducer(options);
  for (let number = 0; number < 3; number++) void put('k', 10 * MIB - 1);
  await clock.advance(9_000);
  assert.equal(service.stored.length, 1);
  await clock.advance(2_000);
  assert.equal(service.stored.length, 2);
});

test('without a rate everything is sent', async () => {
  const { clock, service, put } = await aProducer({
    aggregation: false,
    rateLimitPercent: Number.POSITIVE_INFINITY,
  });
  for (let number = 0; number < 5_000; number++) void put('k');
  await clock.advance(130);
  assert.equal(service.stored.length, 5_000);
});

test('while all connections are busy records gather in fewer requests', async () => {
  const { clock, service, put } = await aProducer({
    connectionsMax: 1,
    recordBufferedMsMax: 0,
    aggregation: false,
  });
  service.latencyMs = { least: 500, most: 500 };
  for (let number = 0; number < 100; number++) {
    void put('k');
    await clock.advance(1);
  }
  await clock.advance(5_000);
  assert.deepEqual(
    service.requests.map(({ length }) => length),
    [1, 99],
  );
});

test('a flush does not wait for more, and ends when all before it is settled', async () => {
  const { clock, service, producer, put } = await aProducer();
  const before = watch(put('ada'));
  const flushed = watch(producer.flush());
  const after = watch(put('grace'));
  await clock.advance(10);
  assert.equal(service.stored.length, 1);
  assert(before.result !== undefined);
  assert('result' in flushed);
  assert.equal(after.result, undefined);
});

test('a flush hurries those in the line, and those that wait to know their shard', async () => {
  const options = { bufferRecordsMax: 1, recordBufferedMsMax: 20_000 };
  const { clock, service, producer, put } = await aProducer(options, { isKnown: false });
  for (const key of ['ada', 'grace', 'edsger']) void put(key);
  const flushed = watch(producer.flush());
  await clock.advance(1_000);
  assert('result' in flushed);
  assert.equal(service.visible().length, 3);
});

test('closing flushes, takes no more, and is done once', async () => {
  const { clock, service, producer, put } = await aProducer();
  const before = watch(put('ada'));
  const closed = producer.close();
  const after = watch(put('grace'));
  assert.equal(producer.close(), closed);
  await clock.advance(10);
  await closed;
  assert(before.result !== undefined);
  assert.equal(after.error?.code, 'Closed');
  assert(service.isClosed);
  assert.equal(clock.timers, 0);
});

const INVALID: Readonly<Record<string, [record: object, message: RegExp]>> = {
  'an empty partition key': [{ partitionKey: '', data: Buffer.alloc(1) }, /1 to 256 characters/],
  'a long partition key': [{ partitionKey: 'k'.repeat(257), data: Buffer.alloc(1) }, /1 to 256/],
  'no partition key': [{ data: Buffer.alloc(1) }, /partition key/],
  'a hash key beyond the space': [
    { partitionKey: 'k', explicitHashKey: String(2n ** 128n), data: Buffer.alloc(1) },
    /no hash key/,
  ],
  'data that are a text': [{ partitionKey: 'k', data: 'text' }, /Uint8Array/],
  'too many data': [
    { partitionKey: 'k', data: Buffer.alloc(MIB) },
    /take 1048577 bytes; userRecordBytesMax is 1048576/,
  ],
};

for (const [name, [record, message]] of Object.entries(INVALID)) {
  test(`a record is refused before it is sent: ${name}`, async () => {
    const { producer } = await aProducer();
    const wrong = record as Parameters<typeof producer.put>[0];
    await assert.rejects(producer.put(wrong), { code: 'InvalidRecord', message });
    assert.equal(producer.pendingRecords, 0);
  });
}

test('records at the very borders of shards go to their own', async () => {
  // Three do not divide the space evenly: neighbours across a border begin alike.
  const { clock, service, producer } = await aProducer({}, { shards: 3 });
  const width = 2n ** 128n / 3n;
  const keys = [0n, width - 1n, width, width + 1n, 2n * width - 1n, 2n * width, 2n ** 128n - 1n];
  const seen = keys.map((key) =>
    watch(producer.put({ partitionKey: 'k', explicitHashKey: String(key), data: Buffer.from('data') })),
  );
  await clock.advance(1_000);
  assert.deepEqual(
    seen.map(({ result }) => [result?.shardId.at(-1), result?.attempts.length]),
    ['0', '0', '1', '1', '1', '2', '2'].map((shard) => [shard, 1]),
  );
  assert.equal(service.stored.length, 3, 'an aggregate each, and none across a border');
});
