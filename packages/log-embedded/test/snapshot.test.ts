import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Disk, MemoryDisk, positionOf } from '@millrace/core';
import { ManualClock, readAll } from '@millrace/log/conformance';
import {
  copySnapshot,
  type EmbeddedLimits,
  type EmbeddedLog,
  type HeldSnapshot,
  openEmbeddedLog,
  type Snapshot,
} from '@millrace/log-embedded';
import { capacity } from '@millrace/simulation';
import fc from 'fast-check';
import { lookingAt, verified } from './inspected.ts';
import { entryAt, fill, ORDERS, PAYMENTS, SMALL_SEGMENTS, Store } from './store.ts';

/** Journal files and segments come and go all the time. */
const BUSY: Partial<EmbeddedLimits> = { ...SMALL_SEGMENTS, journalFileBytesMax: 500, journalBytesMax: 2000 };

const openOn = (disk: Disk, limits: Partial<EmbeddedLimits> = BUSY): Promise<EmbeddedLog> =>
  openEmbeddedLog({ disk, clock: new ManualClock(), durability: 'flush', limits });

const copied = async (source: Disk, snapshot: Snapshot, onJournalCopied?: () => void): Promise<Disk> => {
  const target = new MemoryDisk();
  const missing: string[] = [];
  await copySnapshot({
    source: lookingAt(source),
    snapshot,
    target,
    signal: AbortSignal.any([]),
    onMissing: (path) => missing.push(path),
    onJournalCopied,
  });
  assert.deepEqual(missing, []);
  return target;
};

/** What the copy gives back, as positions; insists that they are right. */
const positionsIn = async (disk: Disk): Promise<number[]> => {
  assert.deepEqual((await verified(disk)).damages, []);
  const engine = await openOn(disk);
  const records = await readAll(engine, ORDERS);
  for (const { position, key } of records) assert.equal(key, entryAt(position).key);
  await engine.close();
  return records.map(({ position }) => Number(position));
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

const isThere = async (disk: Disk, path: string): Promise<boolean> => {
  const names = await disk.list(path.slice(0, path.lastIndexOf('/')));
  return names.includes(path.slice(path.lastIndexOf('/') + 1));
};

const filesOf = ({ journal, segments }: Snapshot): string[] =>
  [...journal, ...segments].map(({ path }) => path);

test('a copy that is made while the store is written to holds what had been acknowledged, without a gap', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 60 }),
      async (before, trimmed) => {
        const store = new Store();
        const engine = await openOn(store.disk);
        await fill(engine, ORDERS, 0, before);
        await fill(engine, PAYMENTS, 0, 3);
        const going = [fill(engine, ORDERS, before, before + 60), engine.trim(ORDERS, positionOf(trimmed))];
        const acknowledged = (await engine.bounds(ORDERS)).end;
        const snapshot = await engine.snapshot();
        const copy = await copied(store.disk, snapshot, () => snapshot.releaseJournal());
        snapshot.release();
        await Promise.all([...going, engine.delete(PAYMENTS)]);
        await engine.close();
        const positions = await positionsIn(copy);
        const first = positions[0] ?? acknowledged;
        const end = first + positions.length;
        assert.deepEqual(positions, range(first, end));
        assert.ok(end >= acknowledged, `${acknowledged} acknowledged, ${end} copied`);
        assert.ok(first <= trimmed, `begins at ${first}`);
      },
    ),
    { numRuns: 40 },
  ));

const aBusyStore = async (): Promise<{ disk: MemoryDisk; engine: EmbeddedLog; snapshot: HeldSnapshot }> => {
  const disk = new MemoryDisk();
  const engine = await openOn(disk);
  await fill(engine, ORDERS, 0, 30);
  return { disk, engine, snapshot: await engine.snapshot() };
};

test('no file of a snapshot goes while it is held, and the needless ones go when it is released', async () => {
  const { disk, engine, snapshot } = await aBusyStore();
  await fill(engine, ORDERS, 30, 60);
  await engine.trim(ORDERS, positionOf(60));
  for (const path of filesOf(snapshot)) assert.ok(await isThere(disk, path), path);
  assert.deepEqual(await positionsIn(await copied(disk, snapshot)), range(0, 30));
  snapshot.release();
  await fill(engine, ORDERS, 60, 80);
  await engine.close();
  for (const { path } of snapshot.segments) assert.equal(await isThere(disk, path), false, path);
});

test('a snapshot has the bytes of its journal though the store uses files again', async () => {
  const { disk, engine, snapshot } = await aBusyStore();
  await fill(engine, ORDERS, 30, 200);
  assert.deepEqual(await positionsIn(await copied(disk, snapshot)), range(0, 30));
  snapshot.release();
  await engine.close();
});

test('when the journal is released it is cut again, though the segments are held', async () => {
  const { disk, engine, snapshot } = await aBusyStore();
  const [first] = snapshot.journal;
  snapshot.releaseJournal();
  await fill(engine, ORDERS, 30, 100);
  await engine.snapshot().then((later) => later.release());
  assert.equal(await isThere(disk, first?.path ?? ''), false);
  snapshot.release();
  await engine.close();
});

test('a deleted log is copied still, and one of the same name waits until it is gone', async () => {
  const { disk, engine, snapshot } = await aBusyStore();
  await engine.delete(ORDERS);
  assert.deepEqual(await engine.logs(), []);
  let isMade = false;
  const making = engine.create(ORDERS).then(() => {
    isMade = true;
  });
  const copy = await copied(disk, snapshot);
  assert.equal(isMade, false);
  snapshot.release();
  await making;
  assert.equal((await engine.append(ORDERS, [entryAt(0)])).first, 0);
  await engine.close();
  assert.deepEqual(await positionsIn(disk), [0]);
  assert.deepEqual(await positionsIn(copy), range(0, 30));
});

test('several may hold snapshots; files go with the last of them', async () => {
  const { disk, engine, snapshot } = await aBusyStore();
  const second = await engine.snapshot();
  await engine.trim(ORDERS, positionOf(30));
  snapshot.release();
  snapshot.release();
  assert.deepEqual(await positionsIn(await copied(disk, second)), range(0, 30));
  second.release();
  await engine.close();
  assert.equal(await isThere(disk, second.segments[0]?.path ?? ''), false);
});

test('a full disk takes the files back, and the store goes on', async () => {
  const store = new Store();
  const engine = await openOn(store.disk);
  await fill(engine, ORDERS, 0, 30);
  const snapshot = await engine.snapshot();
  store.disk.faults = [capacity(12_000)];
  await assert.rejects(fill(engine, ORDERS, 30, 400), { code: 'full' });
  assert.match(String(snapshot.givenUp.reason), /full/);
  const { end } = await engine.bounds(ORDERS);
  await engine.trim(ORDERS, end);
  assert.equal((await engine.append(ORDERS, [entryAt(end)])).first, end);
  await engine.close();
});

test('closing the store gives snapshots up', async () => {
  const { engine, snapshot } = await aBusyStore();
  await engine.close();
  assert.match(String(snapshot.givenUp.reason), /closed/);
  await assert.rejects(engine.snapshot(), { code: 'closed' });
});

test('a copy that is broken off is no store', async () => {
  const { disk, engine, snapshot } = await aBusyStore();
  const stopping = new AbortController();
  const target = new MemoryDisk();
  const copying = copySnapshot({
    source: disk,
    snapshot,
    target,
    signal: stopping.signal,
    onMissing: () => {},
    onJournalCopied: () => stopping.abort(new Error('enough')),
  });
  await assert.rejects(copying, /enough/);
  await assert.rejects(openOn(target), { code: 'corrupt' });
  snapshot.release();
  await engine.close();
});
