import assert from 'node:assert/strict';
import { at, entries, ORDERS, readTexts, rejectsWith } from './fixtures.ts';
import type { State } from './subject.ts';

export const trimLaws = (law: State): void => {
  law('a new log is empty', async ({ engine }) => {
    await engine.create(ORDERS);
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(0), end: at(0) });
  });

  law('bounds are the first position held and the next to be given', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a', 'b', 'c'));
    await engine.trim(ORDERS, at(1));
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(1), end: at(3) });
    assert.deepEqual(await readTexts(engine, ORDERS), ['b', 'c']);
  });

  law('trimming never lowers the start', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a', 'b', 'c'));
    await engine.trim(ORDERS, at(2));
    await engine.trim(ORDERS, at(1));
    assert.equal((await engine.bounds(ORDERS)).start, 2);
  });

  law('trimming past the end empties the log and no more', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a', 'b', 'c'));
    await engine.trim(ORDERS, at(100));
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(3), end: at(3) });
    assert.equal((await engine.append(ORDERS, entries('d'))).first, 3);
    assert.deepEqual(await readTexts(engine, ORDERS), ['d']);
  });

  law('a trim outlives a restart', async (subject) => {
    await subject.engine.create(ORDERS);
    await subject.engine.append(ORDERS, entries('a', 'b', 'c'));
    await subject.engine.trim(ORDERS, at(2));
    const engine = await subject.reopen();
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(2), end: at(3) });
    assert.deepEqual(await readTexts(engine, ORDERS), ['c']);
  });

  law('positions are not used again after a restart, even when the log is empty', async (subject) => {
    await subject.engine.create(ORDERS);
    await subject.engine.append(ORDERS, entries('a', 'b', 'c'));
    await subject.engine.trim(ORDERS, at(3));
    await subject.reopen();
    const engine = await subject.reopen();
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(3), end: at(3) });
    assert.equal((await engine.append(ORDERS, entries('d'))).first, 3);
  });

  law('trimming while records are read and appended disturbs neither', async ({ engine }) => {
    await engine.create(ORDERS);
    const text = 'x'.repeat(200);
    for (let round = 0; round < 20; round++) {
      const [{ first }, , texts] = await Promise.all([
        engine.append(ORDERS, entries(text, text, text)),
        engine.trim(ORDERS, at(round * 3)),
        readTexts(engine, ORDERS),
      ]);
      assert.equal(first, round * 3);
      assert.ok(texts.every((found) => found === text));
    }
  });

  law('a log that does not exist cannot be trimmed', ({ engine }) =>
    rejectsWith('no-such-log', engine.trim(ORDERS, at(1))),
  );
};
