import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf } from '@millrace/core';
import { type LogEngine, LogError } from '@millrace/log';
import { openEmbeddedLog, snapshotOfDisk } from '@millrace/log-embedded';
import fc from 'fast-check';
import { SEGMENT_HEADER_BYTES } from '../src/segment.ts';
import { encodeIndexEntry } from '../src/sparse-index.ts';
import { dumped, lostIn, verified } from './inspected.ts';
import { entryAt, fill, ORDERS, PAYMENTS, SMALL_SEGMENTS, Store } from './store.ts';

const isCorrupt = (error: unknown): boolean => error instanceof LogError && error.code === 'corrupt';

/** Closed in order: 40 batches in segments of `orders`, 3 of `payments`. */
const aStoreAtRest = async (): Promise<Store> => {
  const store = new Store({ limits: SMALL_SEGMENTS });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 40);
  await fill(engine, PAYMENTS, 0, 3);
  await engine.close();
  return store;
};

/** Ten batches that only the journal holds. */
const aKilledStore = async (): Promise<{ store: Store; journal: string }> => {
  const store = new Store();
  await fill(await store.open(), ORDERS, 0, 10);
  store.kill();
  const journal = store.files('.journal').find((path) => store.disk.inode(path).seen.includes('value 9 '));
  return { store, journal: journal ?? '' };
};

/** The positions that a reader who asks for each by itself does not get. */
const unreadable = async (engine: LogEngine, end: number): Promise<number[]> => {
  const missing: number[] = [];
  for (let position = 0; position < end; position++) {
    const reading = engine.read(ORDERS, positionOf(position), { records: 1, bytes: 1 });
    if (
      !(await reading.then(
        () => true,
        () => false,
      ))
    )
      missing.push(position);
  }
  return missing;
};

test('a store that was closed is good, and all of it was looked at', async () => {
  const store = await aStoreAtRest();
  const { summary, damages, notes } = await verified(store.disk);
  assert.deepEqual([damages, notes], [[], []]);
  assert.deepEqual([summary.logs, summary.batches, summary.records], [2, 43, 43]);
  assert.equal(summary.segments, store.files('.segment').length);
});

test('whatever a crash leaves is good', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(60), fc.boolean(), fc.boolean(), async (turns, isPowerCut, isCramped) => {
      const store = new Store({ limits: isCramped ? { ...SMALL_SEGMENTS, journalFileBytesMax: 400 } : {} });
      const engine = await store.open();
      await fill(engine, ORDERS, 0, 12);
      await fill(engine, PAYMENTS, 0, 3);
      const life = Promise.allSettled([
        fill(engine, ORDERS, 12, 30),
        engine.trim(ORDERS, positionOf(7)),
        engine.delete(PAYMENTS),
      ]);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      if (isPowerCut) store.cutPower();
      else store.kill();
      await Promise.race([life, Promise.resolve()]);
      const { damages } = await verified(store.disk);
      assert.deepEqual(damages, []);
      const reopened = await store.open();
      await reopened.close();
      assert.deepEqual((await verified(store.disk)).damages, []);
    }),
    { numRuns: 60 },
  ));

test('what is lost by a flipped bit in a segment is told, and no reader gets it', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(7), async (file, offset, bit) => {
      const store = await aStoreAtRest();
      const segments = store.files('.segment').filter((path) => path.includes('orders'));
      const path = segments[file % segments.length] ?? '';
      const inode = store.disk.inode(path);
      inode.flipBit(offset % inode.seen.length, bit);
      const { damages, summary } = await verified(store.disk);
      assert.deepEqual(
        damages.map((damage) => [damage.file, damage.log]),
        [[path, ORDERS]],
      );
      const lost = lostIn(damages);
      const isHeader = offset % inode.seen.length < SEGMENT_HEADER_BYTES;
      assert.ok(isHeader ? lost.length > 0 : lost.length === 1, `lost: ${lost}`);
      assert.equal(summary.lostRecords, lost.length);
      const missing = await unreadable(await store.open(), 40);
      assert.ok(
        lost.every((position) => missing.includes(position)),
        `${lost} of ${missing}`,
      );
    }),
    { numRuns: 60 },
  ));

test('a flipped bit in the journal is damage just when the store will not open', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(7), async (offset, bit) => {
      const { store, journal } = await aKilledStore();
      const inode = store.disk.inode(journal);
      inode.flipBit(offset % inode.seen.length, bit);
      const { damages, notes } = await verified(store.disk);
      if (damages.length === 0) assert.ok(notes.some(({ file }) => file === journal));
      for (const { file } of damages) assert.equal(file, journal);
      const opened = await store.open().then(
        () => true,
        (error) => !isCorrupt(error),
      );
      assert.equal(opened, damages.length === 0);
    }),
    { numRuns: 80 },
  ));

test('records that a missing segment held are lost, and no others', async () => {
  const store = await aStoreAtRest();
  const segments = store.files('.segment').filter((path) => path.includes('orders'));
  const bases = segments.map((path) => Number(/(\d+)\.segment/.exec(path)?.[1]));
  await store.disk.remove(segments[2] ?? '');
  const { damages } = await verified(store.disk);
  assert.deepEqual(
    damages.map(({ file, lost }) => ({ file, lost })),
    [{ file: segments[2], lost: { from: bases[2], to: bases[3] } }],
  );
});

test('a missing journal file is damage, and its name is told', async () => {
  const { store, journal } = await aKilledStore();
  await store.disk.remove(journal);
  assert.deepEqual(
    (await verified(store.disk)).damages.map(({ file }) => file),
    [journal],
  );
});

test('a missing or damaged manifest is damage', async () => {
  const flipped = await aStoreAtRest();
  const inode = flipped.disk.inode('manifest');
  inode.flipBit(inode.seen.length - 4, 2);
  await assert.rejects(snapshotOfDisk(flipped.disk), isCorrupt);
  const { store } = await aKilledStore();
  await store.disk.remove('manifest');
  await assert.rejects(snapshotOfDisk(store.disk), isCorrupt);
});

test('a bad index is told of, but is no damage', async () => {
  const lies = [
    encodeIndexEntry({ position: 5, arrivalMs: 1, offset: SEGMENT_HEADER_BYTES }),
    Buffer.from('x'.repeat(32)),
    Buffer.from('cut short'),
  ];
  for (const lie of lies) {
    const store = await aStoreAtRest();
    const [index = ''] = store.files('.index');
    const inode = store.disk.inode(index);
    inode.truncate(0);
    inode.write(lie, 0);
    const { damages, notes } = await verified(store.disk);
    assert.deepEqual(damages, []);
    assert.deepEqual(
      notes.map(({ file }) => file),
      [index],
    );
  }
});

test('files that nothing vouches for are told of, but are no damage', async () => {
  const store = await aStoreAtRest();
  const strays = [
    'journal/old',
    'logs/gone/00000000000000000000.segment',
    'logs/orders/notes.txt',
    'manifest.new',
  ];
  for (const path of strays) {
    if (path.startsWith('logs/gone')) await store.disk.makeDirectory('logs/gone');
    await store.disk.open(path, { create: true });
  }
  const { damages, notes } = await verified(store.disk);
  assert.deepEqual(damages, []);
  assert.deepEqual(notes.map(({ file }) => file).sort(), strays);
});

test('a batch in the wrong place is damage though its checksum holds', async () => {
  const store = await aStoreAtRest();
  const [segment = ''] = store.files('.segment').filter((path) => path.includes('orders'));
  const inode = store.disk.inode(segment);
  const first = (await dumped(store.disk)).find(({ item }) => item.file === segment)?.item;
  assert.ok(first !== undefined && first.kind === 'append');
  const batch = Buffer.from(inode.seen.subarray(first.offset, first.offset + first.bytes));
  inode.write(batch, first.offset + first.bytes);
  const { damages } = await verified(store.disk);
  assert.deepEqual(lostIn(damages), [1]);
});

test('a dump shows every record once, with its keys', async () => {
  const store = await aStoreAtRest();
  const items = await dumped(store.disk, { log: ORDERS });
  const keys = items.flatMap((each) => each.keys);
  assert.deepEqual(
    keys,
    Array.from({ length: 40 }, (_, position) => entryAt(position).key),
  );
});

test('a dump shows what only the journal holds', async () => {
  const { store } = await aKilledStore();
  const keys = (await dumped(store.disk)).flatMap((each) => each.keys);
  assert.deepEqual(
    keys,
    Array.from({ length: 10 }, (_, position) => entryAt(position).key),
  );
  const kinds = (await dumped(store.disk, { journalOnly: true })).map(({ item }) => item.kind);
  assert.deepEqual(kinds, ['create', ...Array.from({ length: 10 }, () => 'append')]);
});

test('a dump of a part shows the batches that reach into it', async () => {
  const store = await aStoreAtRest();
  const items = await dumped(store.disk, { log: ORDERS, from: 11, to: 14 });
  assert.deepEqual(
    items.flatMap((each) => each.keys),
    ['key 11', 'key 12', 'key 13'],
  );
});

test('a dump passes over damage and tells of it', async () => {
  const store = await aStoreAtRest();
  const [segment = ''] = store.files('.segment').filter((path) => path.includes('orders'));
  store.disk.inode(segment).flipBit(SEGMENT_HEADER_BYTES + 60, 0);
  const items = await dumped(store.disk, { log: ORDERS });
  assert.deepEqual(
    items.flatMap((each) => each.keys),
    Array.from({ length: 39 }, (_, position) => entryAt(position + 1).key),
  );
  assert.equal(items.filter(({ item }) => item.kind === 'damage').length, 1);
});

test('a store of another format is refused by both their numbers, and nothing is changed', async () => {
  for (const [version, age] of [
    [1, 'an older'],
    [3, 'a newer'],
  ] as const) {
    const store = await aStoreAtRest();
    const inode = store.disk.inode('manifest');
    inode.write(Buffer.from(`millrace-manifest ${version} whatever comes`), 0);
    const before = store.disk.paths.map((path) => [path, Buffer.from(store.disk.inode(path).seen)]);
    const said = new RegExp(`format ${version}, of ${age} release.*reads format 2`);
    const { clock, disk } = store;
    await assert.rejects(openEmbeddedLog({ disk, clock, durability: 'flush' }), said);
    await assert.rejects(snapshotOfDisk(disk), said);
    assert.deepEqual(
      store.disk.paths.map((path) => [path, Buffer.from(store.disk.inode(path).seen)]),
      before,
    );
  }
});
