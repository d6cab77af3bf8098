import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf } from '@millrace/core';
import { type LogEngine, LogError, type LogErrorCode } from '@millrace/log';
import { readAll } from '@millrace/log/conformance';
import { capacity, fault, within } from '@millrace/simulation';
import { entryAt, fill, ORDERS, PAYMENTS, SMALL_SEGMENTS, Store } from './store.ts';

const rejectsWith = (code: LogErrorCode, work: Promise<unknown>): Promise<void> =>
  assert.rejects(work, (error) => error instanceof LogError && error.code === code);

/** Appends until the disk is full; returns how many records were taken. */
const fillUp = async (engine: LogEngine, from: number): Promise<number> => {
  for (let position = from; position < 1000; position++) {
    try {
      await engine.append(ORDERS, [entryAt(position)]);
    } catch (error) {
      assert.ok(error instanceof LogError && error.code === 'full', String(error));
      return position;
    }
  }
  throw new Error('the disk is never full');
};

test('what a full disk refuses is not there, now or after a restart, and its position goes to the next', async () => {
  const store = new Store({ faults: [capacity(3000)] });
  const engine = await store.open();
  await engine.create(ORDERS);
  const end = await fillUp(engine, 0);
  assert.deepEqual(await engine.bounds(ORDERS), { start: positionOf(0), end: positionOf(end) });
  assert.ok(store.eventsOf('journal-full').length > 0);
  store.cutPower();
  const again = await store.open();
  assert.equal((await readAll(again, ORDERS)).length, end);
  assert.equal((await again.append(ORDERS, [entryAt(end)])).first, end);
});

test('on a full disk a trim frees what lets appends work again', async () => {
  const store = new Store({
    limits: { ...SMALL_SEGMENTS, journalFileBytesMax: 500, writeBehindRestMs: 0 },
    faults: [capacity(6000)],
  });
  const engine = await store.open();
  await engine.create(ORDERS);
  const end = await fillUp(engine, 0);
  await engine.trim(ORDERS, positionOf(end));
  for (let position = end; position < end + 10; position++) await engine.append(ORDERS, [entryAt(position)]);
  assert.equal((await readAll(engine, ORDERS)).length, 10);
});

test('on a full disk a delete frees what lets appends work again', async () => {
  const store = new Store({
    limits: { ...SMALL_SEGMENTS, journalFileBytesMax: 500, writeBehindRestMs: 0 },
    faults: [capacity(6000)],
  });
  const engine = await store.open();
  await engine.create(PAYMENTS);
  await engine.create(ORDERS);
  await fillUp(engine, 0);
  await engine.delete(ORDERS);
  await fill(engine, PAYMENTS, 0, 10);
  assert.equal((await readAll(engine, PAYMENTS)).length, 10);
});

test('a trim that a full disk refused promises nothing to the next, which is smaller', async () => {
  const limits = { ...SMALL_SEGMENTS, journalFileBytesMax: 500, writeBehindRestMs: 0 };
  const store = new Store({ limits, faults: [capacity(8000), fault('remove fails')] });
  const engine = await store.open();
  await engine.create(ORDERS);
  const end = await fillUp(engine, 0);
  await rejectsWith('full', engine.trim(ORDERS, positionOf(end - 2)));
  assert.ok((await engine.bounds(ORDERS)).start > 1, 'a segment was about to go');
  await rejectsWith('full', engine.trim(ORDERS, positionOf(1)));
  store.kill();
  assert.equal((await readAll(await store.open(), ORDERS)).length, end);
});

test('a sync that fails ends all writing until a restart, and no reading', async () => {
  const store = new Store({ faults: [within({ from: 20, count: 1 }, fault('sync fails'))] });
  const engine = await store.open();
  await engine.create(ORDERS);
  const waiting = rejectsWith(
    'failed',
    engine.waitForMore(ORDERS, positionOf(1000), new AbortController().signal),
  );
  let end = 0;
  await rejectsWith(
    'failed',
    (async () => {
      for (; end < 1000; end++) await engine.append(ORDERS, [entryAt(end)]);
    })(),
  );
  await waiting;
  await rejectsWith('failed', engine.append(ORDERS, [entryAt(end)]));
  await rejectsWith('failed', engine.create(PAYMENTS));
  await rejectsWith('failed', engine.trim(ORDERS, positionOf(1)));
  await rejectsWith('failed', engine.delete(ORDERS));
  assert.equal((await readAll(engine, ORDERS)).length, end);
  assert.equal(store.eventsOf('failed').length, 1);
  await engine.close();
});

test('appends that come faster than the disk takes them are refused as overloaded, and the rest are taken', async () => {
  const store = new Store({ limits: { appendingBytesMax: 2000, appendsWaitingMax: 3 } });
  const engine = await store.open();
  await engine.create(ORDERS);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, position) => engine.append(ORDERS, [entryAt(position)])),
  );
  const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'overloaded');
  }
  assert.ok(taken > 0 && taken < 50);
  assert.equal((await readAll(engine, ORDERS)).length, taken);
  await engine.append(ORDERS, [entryAt(taken)]);
});

test('appends that may wait are all taken, in the order in which they came', async () => {
  const store = new Store({ limits: { appendingBytesMax: 2000 } });
  const engine = await store.open();
  await engine.create(ORDERS);
  const appended = await Promise.all(
    Array.from({ length: 50 }, (_, position) => engine.append(ORDERS, [entryAt(position)])),
  );
  assert.deepEqual(
    appended.map(({ first }) => Number(first)),
    Array.from({ length: 50 }, (_, position) => position),
  );
  await engine.close();
});

test('appends wait while memory is full of what no segment holds', async () => {
  const store = new Store({ limits: { dirtyBytesMax: 2000, writeBehindBytes: 1_000_000 } });
  const engine = await store.open();
  await fill(engine, ORDERS, 0, 50);
  assert.ok(store.files('.segment').length > 0);
  assert.equal((await readAll(engine, ORDERS)).length, 50);
});

test('write-behind that finds the disk full is tried again', async () => {
  let postponed = 0;
  for (let from = 5; from < 65; from += 3) {
    const store = new Store({
      limits: { writeBehindBytes: 1000, writeBehindRestMs: 10 },
      faults: [within({ from, count: 4 }, fault('full'))],
    });
    const engine = await store.open();
    await engine.create(ORDERS);
    const taken = await appendStubbornly(engine, store, 60);
    assert.ok(taken >= 48, `${taken} taken`);
    assert.ok(store.files('.segment').length > 0);
    postponed += store.eventsOf('write-behind-postponed').length;
    await engine.close();
    assert.deepEqual(store.eventsOf('failed'), []);
    store.kill();
    assert.equal((await readAll(await store.open(), ORDERS)).length, taken);
  }
  assert.ok(postponed > 0);
});

/** Returns how many of the appends were taken. */
const appendStubbornly = async (engine: LogEngine, store: Store, count: number): Promise<number> => {
  let taken = 0;
  for (let attempt = 0; attempt < count; attempt++) {
    store.clock.advance(10);
    taken += await engine.append(ORDERS, [entryAt(taken)]).then(
      () => 1,
      () => 0,
    );
  }
  return taken;
};
