import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { readAll } from '@millrace/log/conformance';
import { entryAt, fill, ORDERS, SMALL_SEGMENTS, Store } from './store.ts';

const MIB = 1024 * 1024;
const ONE = { records: 1, bytes: 100 };
/** One segment of many small batches, with entries in its index and portions of several. */
const ONE_SEGMENT = {
  ...SMALL_SEGMENTS,
  segmentBytesMax: 100_000,
  indexGapBytes: 500,
  portionBytesMax: 2000,
};

/** So many MiB in batches of one each. */
const fillMebibytes = async (engine: LogEngine, count: number): Promise<void> => {
  await engine.create(ORDERS);
  const entries = Array.from({ length: 8 }, (_, index) => ({
    key: `${index}`,
    value: Buffer.alloc(MIB / 8),
  }));
  for (let done = 0; done < count; done++) await engine.append(ORDERS, entries);
};

test('many readers of the same records cost the disk what one costs', async () => {
  const store = new Store({ limits: { cleanTailBytesMax: 0 } });
  const engine = await store.open();
  await fillMebibytes(engine, 20);
  await engine.close();
  const again = await store.open();
  const pages = { records: 10_000, bytes: 2 * MIB };
  const readers = Array.from({ length: 32 }, () => readAll(again, ORDERS, 0, pages));
  for (const records of await Promise.all(readers)) assert.equal(records.length, 160);
  const bytes = store.disk.bytesRead('.segment');
  assert.ok(bytes > 20 * MIB && bytes < 23 * MIB, `${bytes} bytes`);
});

test('what reads ask for together stays within its bound, and each has its turn', async () => {
  const store = new Store({
    limits: { cleanTailBytesMax: 0, readingBytesMax: 3 * MIB, portionCacheBytesMax: 0 },
  });
  const engine = await store.open();
  await fillMebibytes(engine, 4);
  await engine.close();
  const again = await store.open();
  const pages = { records: 10_000, bytes: 2 * MIB };
  const readers = Array.from({ length: 8 }, () => readAll(again, ORDERS, 0, pages));
  for (const records of await Promise.all(readers)) assert.equal(records.length, 32);
});

test('a reader at the end reads nothing off the disk, though segments hold what it reads', async () => {
  const store = new Store({ limits: { writeBehindBytes: 1 } });
  const engine = await store.open();
  await engine.create(ORDERS);
  for (let position = 0; position < 100; position++) {
    await engine.append(ORDERS, [entryAt(position)]);
    const { records } = await engine.read(ORDERS, positionOf(position), { records: 10, bytes: MIB });
    assert.equal(records.length, 1);
    assert.equal((await engine.read(ORDERS, positionOf(position + 1), ONE)).records.length, 0);
  }
  assert.ok(store.files('.segment').length > 0);
  assert.equal(store.disk.bytesRead('.segment'), 0);
});

test('a portion that was read before its segment grew is read again for what was added', async () => {
  const store = new Store({ limits: { ...ONE_SEGMENT, portionBytesMax: 50_000 } });
  const engine = await store.open();
  await engine.create(ORDERS);
  for (let position = 0; position < 60; position++) {
    await engine.append(ORDERS, [entryAt(position)]);
    assert.equal((await readAll(engine, ORDERS)).length, position + 1);
  }
});

test('a time is found by reading no more than about a gap of the index', async () => {
  const store = new Store({ limits: ONE_SEGMENT });
  const engine = await store.open();
  await engine.create(ORDERS);
  for (let position = 0; position < 500; position++) {
    await engine.append(ORDERS, [entryAt(position)]);
    store.clock.advance(10);
  }
  const times = (await readAll(engine, ORDERS)).map(({ arrivalMs }) => arrivalMs);
  await engine.close();
  const again = await store.open();
  await again.findByTime(ORDERS, times[1] ?? 0);
  const before = store.disk.bytesRead('.segment');
  assert.equal(await again.findByTime(ORDERS, times[250] ?? 0), 250);
  const bytes = store.disk.bytesRead('.segment') - before;
  assert.ok(bytes > 0 && bytes <= 2 * ONE_SEGMENT.indexGapBytes, `${bytes} bytes`);
});

test('asking again for a time before the oldest record does not touch the disk', async () => {
  const store = new Store({ limits: { ...SMALL_SEGMENTS, openFilesMax: 1 } });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 60);
  await engine.close();
  const again = await store.open();
  assert.equal(await again.findByTime(ORDERS, 1), 0);
  const before = store.disk.bytesRead('');
  assert.equal(await again.findByTime(ORDERS, 1), 0);
  assert.equal(store.disk.bytesRead(''), before);
});

test('one damaged batch takes none of the others that are read with it', async () => {
  const store = new Store({ limits: { ...ONE_SEGMENT, indexGapBytes: 1, portionBytesMax: 50_000 } });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 20);
  await engine.close();
  const { seen } = store.disk.inode(store.files('.segment')[0] ?? '');
  const at = seen.indexOf('value 10 ');
  seen[at] = (seen[at] ?? 0) ^ 1;
  const again = await store.open();
  const roomy = { records: 100, bytes: MIB };
  assert.equal((await again.read(ORDERS, positionOf(0), roomy)).records.length, 10);
  await assert.rejects(again.read(ORDERS, positionOf(10), roomy), { code: 'corrupt' });
  assert.equal((await again.read(ORDERS, positionOf(11), roomy)).records.length, 9);
});

test('a segment that spans a long time is followed by the next, unless it holds little', async () => {
  const countOf = async (spanningBytesMin: number): Promise<number> => {
    const store = new Store({ limits: { ...ONE_SEGMENT, segmentSpanMsMax: 1000, spanningBytesMin } });
    const engine = await store.open();
    await engine.create(ORDERS);
    for (let position = 0; position < 40; position++) {
      await engine.append(ORDERS, [entryAt(position)]);
      store.clock.advance(400);
    }
    await engine.close();
    assert.equal((await readAll(await store.open(), ORDERS)).length, 40);
    return store.files('.segment').length;
  };
  assert.ok((await countOf(1)) >= 8);
  assert.equal(await countOf(50_000), 1);
});
