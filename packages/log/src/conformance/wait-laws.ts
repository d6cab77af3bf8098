import assert from 'node:assert/strict';
import { at, entries, ORDERS, PAYMENTS, patient, rejectsWith } from './fixtures.ts';
import type { State } from './subject.ts';

/** Tells whether the promise has settled once everything that could settle it at once has run. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return settled;
};

export const waitLaws = (law: State): void => {
  law('waiting ends at once when there is more already', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a'));
    await engine.waitForMore(ORDERS, at(0), patient());
  });

  law('waiting at the end ends with the next append', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a'));
    const waiting = engine.waitForMore(ORDERS, at(1), patient());
    assert.equal(await isSettled(waiting), false);
    await engine.append(ORDERS, entries('b'));
    await waiting;
    assert.equal((await engine.bounds(ORDERS)).end, 2);
  });

  law('waiting past the end lasts until the end lies past the position', async ({ engine }) => {
    await engine.create(ORDERS);
    const waiting = engine.waitForMore(ORDERS, at(2), patient());
    await engine.append(ORDERS, entries('a', 'b'));
    assert.equal(await isSettled(waiting), false);
    await engine.append(ORDERS, entries('c'));
    await waiting;
  });

  law('an append to another log wakes nobody', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.create(PAYMENTS);
    const waiting = engine.waitForMore(ORDERS, at(0), patient());
    await engine.append(PAYMENTS, entries('a'));
    assert.equal(await isSettled(waiting), false);
    await engine.append(ORDERS, entries('a'));
    await waiting;
  });

  law('waiting ends when the signal aborts', async ({ engine }) => {
    await engine.create(ORDERS);
    const patience = new AbortController();
    const waiting = engine.waitForMore(ORDERS, at(0), patience.signal);
    patience.abort();
    await waiting;
    await engine.waitForMore(ORDERS, at(0), patience.signal);
  });

  law('many may wait at once', async ({ engine }) => {
    await engine.create(ORDERS);
    const waiting = Array.from({ length: 50 }, () => engine.waitForMore(ORDERS, at(0), patient()));
    await engine.append(ORDERS, entries('a'));
    await Promise.all(waiting);
  });

  law('waiting for a log that is deleted ends with no-such-log', async ({ engine }) => {
    await engine.create(ORDERS);
    const waiting = rejectsWith('no-such-log', engine.waitForMore(ORDERS, at(0), patient()));
    await engine.delete(ORDERS);
    await waiting;
  });

  law('waiting for a log that does not exist is refused', ({ engine }) =>
    rejectsWith('no-such-log', engine.waitForMore(ORDERS, at(0), patient())),
  );

  law('waiting when the store closes ends with closed', async ({ engine }) => {
    await engine.create(ORDERS);
    const waiting = rejectsWith('closed', engine.waitForMore(ORDERS, at(0), patient()));
    await engine.close();
    await waiting;
  });
};
