import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf } from '@millrace/core';
import { readAll } from '@millrace/log/conformance';
import { fill, ORDERS, PAYMENTS, SMALL_SEGMENTS, Store } from './store.ts';

test('appends that arrive together share one group', async () => {
  const store = new Store();
  const engine = await store.open();
  await engine.create(ORDERS);
  await engine.create(PAYMENTS);
  const logs = [ORDERS, PAYMENTS, ORDERS, PAYMENTS];
  await Promise.all(logs.map((log) => engine.append(log, [{ key: '', value: new Uint8Array(1) }])));
  const journal = store.disk.inode(store.files('.journal')[0] ?? '').seen.toString('latin1');
  // Two for the logs, made one after the other, and one for all appends.
  assert.equal(journal.split('MRJG').length - 1, 3);
});

test('a log has no files of its own before write-behind', async () => {
  const store = new Store();
  await fill(await store.open(), ORDERS, 0, 10);
  assert.deepEqual(store.files('.segment'), []);
});

test('closing leaves everything in segments and one empty journal file', async () => {
  const store = new Store();
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 10);
  await engine.close();
  const journals = store.files('.journal');
  assert.deepEqual([journals.length, store.disk.inode(journals[0] ?? '').seen.length], [1, 32]);
  await store.open();
  const [recovered] = store.eventsOf('recovered');
  assert.deepEqual([recovered?.logs, recovered?.batches], [1, 0]);
});

test('a start tells what it took from the journal', async () => {
  const store = new Store();
  await fill(await store.open(), ORDERS, 0, 10);
  store.kill();
  await store.open();
  assert.equal(store.eventsOf('recovered')[0]?.batches, 10);
  assert.deepEqual(store.eventsOf('journal-cut'), []);
});

test('a start reads no segment', async () => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 100);
  await engine.close();
  store.kill();
  await store.open();
  assert.equal(store.disk.bytesRead('.segment'), 0);
});

test('a read from the middle takes little more off the disk than it needs', async () => {
  const store = new Store({
    limits: { ...SMALL_SEGMENTS, segmentBytesMax: 100_000, indexGapBytes: 500, portionBytesMax: 2000 },
  });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 500);
  await engine.close();
  const again = await store.open();
  await again.read(ORDERS, positionOf(10), { records: 1, bytes: 100 });
  const before = store.disk.bytesRead('.segment');
  await again.read(ORDERS, positionOf(250), { records: 1, bytes: 100 });
  assert.ok(store.disk.bytesRead('.segment') - before < 2500);
});

test('the journal does not grow without bound, nor do its files stay', async () => {
  const store = new Store({
    limits: { ...SMALL_SEGMENTS, journalFileBytesMax: 1000, writeBehindBytes: 2000 },
  });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 300);
  assert.ok(store.files('.journal').length < 12, `${store.files('.journal').length} files`);
});

test('trims alone do not let the journal grow without bound', async () => {
  const store = new Store({ limits: { journalFileBytesMax: 500, journalBytesMax: 2000 } });
  const engine = await store.open();
  for (let position = 1; position <= 100; position++) {
    await fill(engine, ORDERS, position - 1, position);
    await engine.trim(ORDERS, positionOf(position));
  }
  assert.ok(store.files('.journal').length < 10, `${store.files('.journal').length} files`);
});

test('a trim removes the segments that lie wholly before it, the last one too', async () => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 60);
  await engine.trim(ORDERS, positionOf(30));
  const bases = store.files('.segment').map((path) => Number(path.slice(-28, -8)));
  assert.ok(bases.length > 1 && bases.every((base, index) => base > 30 || (bases[index + 1] ?? 60) > 30));
  assert.equal(store.files('.index').length, store.files('.segment').length);
  await engine.close();
  const again = await store.open();
  await again.trim(ORDERS, positionOf(60));
  assert.deepEqual([...store.files('.segment'), ...store.files('.index')], []);
});

test('a delete removes the files of the log and no others', async () => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 20);
  await fill(engine, PAYMENTS, 0, 20);
  await engine.delete(ORDERS);
  assert.deepEqual(
    store.disk.paths.filter((path) => path.includes('orders')),
    [],
  );
  assert.equal((await readAll(engine, PAYMENTS)).length, 20);
});

test('a log made again under the name of a deleted one begins anew, even when a crash comes between', async () => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 20);
  await Promise.all([engine.delete(ORDERS), engine.create(ORDERS)]);
  await fill(engine, ORDERS, 0, 3);
  store.cutPower();
  assert.equal((await readAll(await store.open(), ORDERS)).length, 3);
});

test("files that are not the engine's are left alone", async () => {
  const store = new Store();
  await store.disk.open('lock', { create: true });
  await store.disk.makeDirectory('journal');
  await store.disk.open('journal/notes.txt', { create: true });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 3);
  await engine.close();
  await store.open();
  assert.ok(store.disk.paths.includes('lock') && store.disk.paths.includes('journal/notes.txt'));
});

/** A store whose journal files are all used again and again. */
const aStoreThatReuses = async (records: number): Promise<Store> => {
  const limits = {
    ...SMALL_SEGMENTS,
    journalFileBytesMax: 600,
    writeBehindBytes: 600,
    spareJournalFilesMax: 2,
  };
  const store = new Store({ limits });
  await fill(await store.open(), ORDERS, 0, records);
  return store;
};

test('journal files are used again, and what they held before is not read again', async () => {
  for (let records = 60; records < 80; records++) {
    const store = await aStoreThatReuses(records);
    const journal = store.files('.journal').map((path) => store.disk.inode(path).seen);
    assert.ok(
      journal.some((bytes) => bytes.length >= 600 && (bytes.readUInt16LE(6) & 2) !== 0),
      'a file is in its second life',
    );
    store.kill();
    const engine = await store.open();
    assert.deepEqual(
      (await readAll(engine, ORDERS)).map(({ position }) => Number(position)),
      Array.from({ length: records }, (_, position) => position),
    );
    assert.deepEqual(store.eventsOf('corrupt'), []);
    await engine.close();
  }
});
