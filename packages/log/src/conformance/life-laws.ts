import assert from 'node:assert/strict';
import { logIdOf } from '../log-engine.ts';
import {
  at,
  entries,
  ORDERS,
  PAYMENTS,
  patient,
  ROOMY,
  readAll,
  readTexts,
  rejectsWith,
} from './fixtures.ts';
import type { State } from './subject.ts';

export const lifeLaws = (law: State): void => {
  law('a log that exists is left alone by create', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a'));
    await engine.create(ORDERS);
    assert.deepEqual(await readTexts(engine, ORDERS), ['a']);
  });

  law('a log made twice at once is made once', async ({ engine }) => {
    await Promise.all([engine.create(ORDERS), engine.create(ORDERS)]);
    await engine.append(ORDERS, entries('a'));
    assert.deepEqual(await engine.logs(), [ORDERS]);
    assert.deepEqual(await readTexts(engine, ORDERS), ['a']);
  });

  law('all logs are told', async ({ engine }) => {
    assert.deepEqual(await engine.logs(), []);
    const ids = ['a', 'b-1', '0'.repeat(64)].map(logIdOf);
    await Promise.all(ids.map((id) => engine.create(id)));
    assert.deepEqual((await engine.logs()).sort(), [...ids].sort());
  });

  law('a deleted log is forgotten', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.create(PAYMENTS);
    await engine.append(ORDERS, entries('a'));
    await engine.append(PAYMENTS, entries('b'));
    await engine.delete(ORDERS);
    assert.deepEqual(await engine.logs(), [PAYMENTS]);
    await rejectsWith('no-such-log', engine.read(ORDERS, at(0), ROOMY));
    await rejectsWith('no-such-log', engine.append(ORDERS, entries('c')));
    assert.deepEqual(await readTexts(engine, PAYMENTS), ['b']);
  });

  law('a deleted log stays forgotten after a restart', async (subject) => {
    await subject.engine.create(ORDERS);
    await subject.engine.append(ORDERS, entries('a'));
    await subject.engine.delete(ORDERS);
    assert.deepEqual(await (await subject.reopen()).logs(), []);
  });

  law('a log that does not exist is left alone by delete', async ({ engine }) => {
    await engine.delete(ORDERS);
    assert.deepEqual(await engine.logs(), []);
  });

  law('reading while a log is deleted ends with its records or with no-such-log', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a', 'b'));
    const reading = readTexts(engine, ORDERS).then(
      (texts) => assert.deepEqual(texts, ['a', 'b']),
      (error: unknown) => rejectsWith('no-such-log', Promise.reject(error)),
    );
    await Promise.all([engine.delete(ORDERS), reading]);
  });

  law('a restart gives everything back', async (subject) => {
    const { engine, clock } = subject;
    for (const log of [ORDERS, PAYMENTS]) {
      await engine.create(log);
      for (let round = 0; round < 10; round++) {
        clock.advance(round);
        await engine.append(log, entries(`${log} ${round}`, 'x'.repeat(round * 40), ''));
      }
    }
    const before = [await readAll(engine, ORDERS), await readAll(engine, PAYMENTS)].map(plain);
    const again = await subject.reopen();
    assert.deepEqual([await readAll(again, ORDERS), await readAll(again, PAYMENTS)].map(plain), before);
  });

  law('after a restart, appends go on where they ended', async (subject) => {
    await subject.engine.create(ORDERS);
    await subject.engine.append(ORDERS, entries('a', 'b'));
    const engine = await subject.reopen();
    assert.equal((await engine.append(ORDERS, entries('c'))).first, 2);
    await engine.close();
    assert.deepEqual(await readTexts(await subject.reopen(), ORDERS), ['a', 'b', 'c']);
  });

  law('an empty log outlives a restart', async (subject) => {
    await subject.engine.create(ORDERS);
    assert.deepEqual(await (await subject.reopen()).logs(), [ORDERS]);
  });

  law('appends under way are completed when the store closes', async (subject) => {
    await subject.engine.create(ORDERS);
    const appending = Promise.all(
      ['a', 'b', 'c'].map((text) => subject.engine.append(ORDERS, entries(text))),
    );
    await subject.engine.close();
    await appending;
    assert.deepEqual(await readTexts(await subject.reopen(), ORDERS), ['a', 'b', 'c']);
  });

  law('a closed store refuses everything with closed', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.close();
    await rejectsWith('closed', engine.create(PAYMENTS));
    await rejectsWith('closed', engine.delete(ORDERS));
    await rejectsWith('closed', engine.logs());
    await rejectsWith('closed', engine.append(ORDERS, entries('a')));
    await rejectsWith('closed', engine.read(ORDERS, at(0), ROOMY));
    await rejectsWith('closed', engine.bounds(ORDERS));
    await rejectsWith('closed', engine.findByTime(ORDERS, 0));
    await rejectsWith('closed', engine.trim(ORDERS, at(0)));
    await rejectsWith('closed', engine.waitForMore(ORDERS, at(0), patient()));
  });

  law('closing twice is closing', async ({ engine }) => {
    await Promise.all([engine.close(), engine.close()]);
    await engine.close();
  });
};

/** Arrays of bytes of any kind are the same to a reader. */
const plain = (records: Awaited<ReturnType<typeof readAll>>): object[] =>
  records.map((record) => ({ ...record, value: [...record.value] }));
