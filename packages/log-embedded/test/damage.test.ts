import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf } from '@millrace/core';
import { type LogEngine, LogError } from '@millrace/log';
import { readAll } from '@millrace/log/conformance';
import fc from 'fast-check';
import { readU64 } from '../src/bytes.ts';
import { SEGMENT_HEADER_BYTES } from '../src/segment.ts';
import { encodeIndexEntry, INDEX_ENTRY_BYTES } from '../src/sparse-index.ts';
import { entryAt, fill, ORDERS, PAYMENTS, SMALL_SEGMENTS, Store } from './store.ts';

const isCorrupt = (error: unknown): boolean => error instanceof LogError && error.code === 'corrupt';

/** Reads each position by itself; tells which of them are damaged, and insists that the others are right. */
const damagedPositions = async (engine: LogEngine, end: number): Promise<number[]> => {
  const damaged: number[] = [];
  for (let position = 0; position < end; position++) {
    try {
      const { records } = await engine.read(ORDERS, positionOf(position), { records: 1, bytes: 1 });
      const { key, value } = entryAt(position);
      assert.deepEqual([records[0]?.position, records[0]?.key], [position, key]);
      assert.ok(value.equals(records[0]?.value ?? new Uint8Array()));
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      damaged.push(position);
    }
  }
  return damaged;
};

const aStoreAtRest = async (): Promise<Store> => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 40);
  await fill(engine, PAYMENTS, 0, 3);
  await engine.close();
  return store;
};

/** Batches 0 to 9 in the journal, each a group of its own, in one file. */
const aKilledStore = async (): Promise<{ store: Store; journal: string }> => {
  const store = new Store();
  await fill(await store.open(), ORDERS, 0, 10);
  store.kill();
  return { store, journal: store.files('.journal')[0] ?? '' };
};

test('a flipped bit in a segment is found, reported, and never served; the rest can be read', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(7), async (file, offset, bit) => {
      const store = await aStoreAtRest();
      const segments = store.files('.segment').filter((path) => path.includes('orders'));
      const inode = store.disk.inode(segments[file % segments.length] ?? '');
      inode.flipBit(offset % inode.seen.length, bit);
      const engine = await store.open();
      const damaged = await damagedPositions(engine, 40);
      const [first = 0, last = 0] = [damaged[0], damaged.at(-1)];
      assert.equal(damaged.length, last - first + 1, 'the damage is in one place');
      assert.ok(damaged.length > 0 && damaged.length <= 8, `damaged: ${damaged}`);
      assert.ok(store.eventsOf('corrupt').length > 0);
      assert.equal((await readAll(engine, PAYMENTS)).length, 3);
      assert.equal((await engine.append(ORDERS, [entryAt(40)])).first, 40);
      await engine.close();
    }),
    { numRuns: 60 },
  ));

test('an index with any damage loses no record and leads to none that is wrong', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(7), async (file, offset, bit) => {
      const store = await aStoreAtRest();
      const indexes = store.files('.index');
      const inode = store.disk.inode(indexes[file % indexes.length] ?? '');
      inode.flipBit(offset % inode.seen.length, bit);
      assert.deepEqual(await damagedPositions(await store.open(), 40), []);
    }),
    { numRuns: 30 },
  ));

test('an index that lies is found out and made again', async () => {
  const lies = [
    { position: 3, arrivalMs: 1, offset: SEGMENT_HEADER_BYTES },
    { position: 0, arrivalMs: 1, offset: SEGMENT_HEADER_BYTES },
    { position: 1, arrivalMs: 1_700_000_000_000, offset: SEGMENT_HEADER_BYTES + 120 },
  ];
  for (const lie of lies) {
    const store = await aStoreAtRest();
    const inode = store.disk.inode(store.files('.index')[0] ?? '');
    inode.write(encodeIndexEntry(lie), lie.position === 1 ? INDEX_ENTRY_BYTES : 0);
    const engine = await store.open();
    assert.deepEqual(await damagedPositions(engine, 40), []);
    assert.equal(await engine.findByTime(ORDERS, store.clock.now()), 0);
  }
});

/** One record every ten milliseconds. */
const aStoreOverTime = async (): Promise<{ store: Store; baseMs: number }> => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const baseMs = store.clock.now();
  const engine = await store.open();
  for (let position = 0; position < 30; position++) {
    await fill(engine, ORDERS, position, position + 1);
    store.clock.advance(10);
  }
  await engine.close();
  return { store, baseMs };
};

test('an index that gives a wrong time does not mislead', async () => {
  const { store, baseMs } = await aStoreOverTime();
  const inode = store.disk.inode(store.files('.index')[0] ?? '');
  const [position, , offset] = [0, 8, 16].map((at) => readU64(inode.seen, INDEX_ENTRY_BYTES + at));
  const lie = { position: position ?? 0, arrivalMs: baseMs + 1, offset: offset ?? 0 };
  inode.write(encodeIndexEntry(lie), INDEX_ENTRY_BYTES);
  const engine = await store.open();
  assert.equal(await engine.findByTime(ORDERS, baseMs + 5), 1);
  assert.equal(store.eventsOf('index-rebuilt').length, 1);
});

test('times are found without any index', async () => {
  const { store, baseMs } = await aStoreOverTime();
  for (const path of store.files('.index')) await store.disk.remove(path);
  const engine = await store.open();
  for (let position = 0; position < 30; position++) {
    assert.equal(await engine.findByTime(ORDERS, baseMs + position * 10), position);
  }
});

test('damage in the last group of the journal is taken for a torn write: it is cut off and reported', async () => {
  const { store, journal } = await aKilledStore();
  const inode = store.disk.inode(journal);
  inode.flipBit(inode.seen.length - 1, 3);
  const engine = await store.open();
  assert.equal((await readAll(engine, ORDERS)).length, 9);
  const [cut] = store.eventsOf('journal-cut');
  assert.deepEqual([cut?.file, (cut?.droppedBytes ?? 0) > 0], [journal, true]);
  assert.equal((await engine.append(ORDERS, [entryAt(9)])).first, 9);
});

test('a journal that ends in the middle of a group loses that group alone', () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (lost) => {
      const { store, journal } = await aKilledStore();
      const inode = store.disk.inode(journal);
      inode.truncate(inode.seen.length - lost);
      assert.equal((await readAll(await store.open(), ORDERS)).length, 9);
      store.kill();
      assert.equal((await readAll(await store.open(), ORDERS)).length, 9, 'the second start finds it cut');
    }),
    { numRuns: 20 },
  ));

test('damage in the middle of the journal is a bad disk: the store does not open and changes nothing', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(7), async (anywhere, bit) => {
      const { store, journal } = await aKilledStore();
      const inode = store.disk.inode(journal);
      const lastGroup = inode.seen.lastIndexOf('MRJG');
      inode.flipBit(anywhere % lastGroup, bit);
      const before = Buffer.from(inode.seen);
      await assert.rejects(store.open(), (error) => isCorrupt(error) && String(error).includes(journal));
      assert.ok(store.eventsOf('corrupt').length > 0);
      assert.deepEqual(inode.seen, before);
      assert.deepEqual(store.files('.journal'), [journal]);
    }),
    { numRuns: 60 },
  ));

test('damage at the end of a journal file that is not the last is a bad disk', async () => {
  const store = new Store({ limits: { journalFileBytesMax: 200 } });
  await fill(await store.open(), ORDERS, 0, 10);
  store.kill();
  const [first = ''] = store.files('.journal');
  const inode = store.disk.inode(first);
  inode.truncate(inode.seen.length - 1);
  await assert.rejects(store.open(), isCorrupt);
});

test('a value that looks like the journal is not taken for it', async () => {
  const { store, journal } = await aKilledStore();
  const copy = Buffer.from(store.disk.inode(journal).seen);
  const engine = await store.open();
  await engine.append(ORDERS, [{ key: 'copy', value: copy }]);
  store.kill();
  const inode = store.disk.inode(store.files('.journal').at(-1) ?? '');
  inode.flipBit(inode.seen.indexOf('copy'), 0);
  assert.equal((await readAll(await store.open(), ORDERS)).length, 10);
});

test('a missing journal file, manifest or checksum of it is noticed', async () => {
  for (const suffix of ['.journal', 'manifest']) {
    const { store } = await aKilledStore();
    await store.disk.remove(store.files(suffix)[0] ?? '');
    await assert.rejects(store.open(), isCorrupt);
  }
  const { store } = await aKilledStore();
  store.disk.inode('manifest').flipBit(store.disk.inode('manifest').seen.length - 5, 1);
  await assert.rejects(store.open(), isCorrupt);
});

test('a lost segment costs its own records and no others, and the log goes on', async () => {
  for (const which of [1, -1]) {
    const store = await aStoreAtRest();
    const segments = store.files('.segment').filter((path) => path.includes('orders'));
    await store.disk.remove(segments.at(which) ?? '');
    const engine = await store.open();
    const damaged = await damagedPositions(engine, 40);
    assert.ok(damaged.length > 0 && damaged.length < 10, `damaged: ${damaged}`);
    assert.equal((await engine.append(ORDERS, [entryAt(40)])).first, 40);
    await engine.close();
    assert.deepEqual(await damagedPositions(await store.open(), 41), damaged);
  }
});
