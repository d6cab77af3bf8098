import assert from 'node:assert/strict';
import fc from 'fast-check';
import { APPEND_BYTES_MAX, APPEND_ENTRIES_MAX, LogError } from '../log-engine.ts';
import { at, entries, entry, ORDERS, PAYMENTS, readAll, readTexts, rejectsWith, textOf } from './fixtures.ts';
import type { State } from './subject.ts';

export const appendLaws = (law: State): void => {
  law('positions begin at 0 and are dense', async ({ engine }) => {
    await engine.create(ORDERS);
    assert.equal((await engine.append(ORDERS, entries('a', 'b'))).first, 0);
    assert.equal((await engine.append(ORDERS, entries('c'))).first, 2);
    assert.equal((await engine.append(ORDERS, entries('d', 'e'))).first, 3);
    assert.deepEqual(await readTexts(engine, ORDERS), ['a', 'b', 'c', 'd', 'e']);
  });

  law('appends that nobody awaits stand in the order of the calls', async ({ engine }) => {
    await engine.create(ORDERS);
    const texts = Array.from({ length: 300 }, (_, index) => `record ${index}`);
    const firsts = await Promise.all(texts.map((text) => engine.append(ORDERS, entries(text))));
    assert.deepEqual(
      firsts.map(({ first }) => Number(first)),
      texts.map((_, index) => index),
    );
    assert.deepEqual(await readTexts(engine, ORDERS), texts);
  });

  law('positions of one log do not depend on appends to another', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.create(PAYMENTS);
    const logs = [ORDERS, PAYMENTS, PAYMENTS, ORDERS, PAYMENTS];
    const all = await Promise.all(logs.map((log) => engine.append(log, entries('x'))));
    assert.deepEqual(
      all.map(({ first }) => Number(first)),
      [0, 0, 1, 1, 2],
    );
  });

  law('an append resolves with the position and time that its records have', async ({ engine, clock }) => {
    await engine.create(ORDERS);
    clock.advance(1234);
    const { first, arrivalMs } = await engine.append(ORDERS, entries('a', 'b'));
    const records = await readAll(engine, ORDERS);
    assert.deepEqual(
      records.map(({ position }) => position),
      [first, first + 1],
    );
    assert.deepEqual(
      records.map((record) => record.arrivalMs),
      [arrivalMs, arrivalMs],
    );
  });

  law('arrival times never fall, though the clock steps back', async ({ engine, clock }) => {
    await engine.create(ORDERS);
    const before = await engine.append(ORDERS, entries('a'));
    clock.step(-60_000);
    const after = await engine.append(ORDERS, entries('b'));
    assert.ok(after.arrivalMs >= before.arrivalMs);
  });

  law('keys and values come back as they were given, whatever they are', async ({ engine }) => {
    await engine.create(ORDERS);
    let first = 0;
    const anyEntries = fc.array(
      fc.record({ key: fc.string({ unit: 'binary' }), value: fc.uint8Array({ maxLength: 300 }) }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(anyEntries, async (given) => {
        await engine.append(ORDERS, given);
        const records = await readAll(engine, ORDERS, first);
        first += given.length;
        assert.deepEqual(
          records.map(({ key, value }) => ({ key, value: [...value] })),
          given.map(({ key, value }) => ({ key, value: [...value] })),
        );
      }),
      { numRuns: 30 },
    );
  });

  law('keys and values may be empty', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, [entry('', ''), entry('full', 'k'), entry('', '')]);
    const records = await readAll(engine, ORDERS);
    assert.deepEqual(
      records.map(({ key, value }) => [key, value.length]),
      [
        ['', 0],
        ['k', 4],
        ['', 0],
      ],
    );
  });

  law('keys are Unicode', async ({ engine }) => {
    await engine.create(ORDERS);
    const keys = ['Größe', '鍵', '😀', '\u0000', 'e\u0301'];
    await engine.append(
      ORDERS,
      keys.map((key) => entry('v', key)),
    );
    assert.deepEqual(
      (await readAll(engine, ORDERS)).map(({ key }) => key),
      keys,
    );
  });

  law('an append of too many entries is refused and leaves nothing', async ({ engine }) => {
    await engine.create(ORDERS);
    const many = Array.from({ length: APPEND_ENTRIES_MAX + 1 }, () => entry('x'));
    await rejectsWith('too-large', engine.append(ORDERS, many));
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(0), end: at(0) });
    assert.equal((await engine.append(ORDERS, many.slice(1))).first, 0);
  });

  law('an append of too many bytes is refused and leaves nothing', async ({ engine }) => {
    await engine.create(ORDERS);
    const value = new Uint8Array(APPEND_BYTES_MAX);
    await rejectsWith('too-large', engine.append(ORDERS, [{ key: 'k', value }]));
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(0), end: at(0) });
  });

  law('an append of exactly the most bytes is taken', async ({ engine }) => {
    await engine.create(ORDERS);
    const value = new Uint8Array(APPEND_BYTES_MAX - 1).fill(7);
    await engine.append(ORDERS, [{ key: 'k', value }]);
    const [record] = await readAll(engine, ORDERS);
    assert.equal(record?.value.length, value.length);
    assert.ok(Buffer.from(record?.value ?? []).equals(value));
  });

  law('an append of no entries is refused', async ({ engine }) => {
    await engine.create(ORDERS);
    await assert.rejects(engine.append(ORDERS, []));
  });

  law('an append to a log that does not exist is refused', ({ engine }) =>
    rejectsWith('no-such-log', engine.append(ORDERS, entries('a'))),
  );

  law(
    'appends to several logs in one call stand as if each had been called after the other',
    async ({ engine }) => {
      await engine.create(ORDERS);
      await engine.create(PAYMENTS);
      const before = engine.append(ORDERS, entries('a'));
      const together = engine.appendAll([
        { log: ORDERS, entries: entries('b', 'c') },
        { log: PAYMENTS, entries: entries('x') },
        { log: ORDERS, entries: entries('d') },
      ]);
      const after = engine.append(ORDERS, entries('e'));
      const outcomes = [await before, ...(await together), await after];
      assert.deepEqual(
        outcomes.map((outcome) => (outcome instanceof LogError ? outcome.code : Number(outcome.first))),
        [0, 1, 0, 3, 4],
      );
      assert.deepEqual(await readTexts(engine, ORDERS), ['a', 'b', 'c', 'd', 'e']);
      assert.deepEqual(await readTexts(engine, PAYMENTS), ['x']);
    },
  );

  law('what one log of a call refuses does not keep the others from theirs', async ({ engine }) => {
    await engine.create(ORDERS);
    const outcomes = await engine.appendAll([
      { log: PAYMENTS, entries: entries('lost') },
      { log: ORDERS, entries: entries('a') },
      { log: ORDERS, entries: [{ key: 'k', value: new Uint8Array(APPEND_BYTES_MAX) }] },
      { log: ORDERS, entries: entries('b') },
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome instanceof LogError ? outcome.code : Number(outcome.first))),
      ['no-such-log', 0, 'too-large', 1],
    );
    assert.deepEqual(await readTexts(engine, ORDERS), ['a', 'b']);
  });

  law('a call for no log at all has no outcome', async ({ engine }) => {
    assert.deepEqual(await engine.appendAll([]), []);
  });

  law('appends of one call are durable when it resolves', async (subject) => {
    await subject.engine.create(ORDERS);
    await subject.engine.create(PAYMENTS);
    await subject.engine.appendAll([
      { log: ORDERS, entries: entries('a') },
      { log: PAYMENTS, entries: entries('b') },
    ]);
    const again = await subject.reopen();
    assert.deepEqual(await readTexts(again, ORDERS), ['a']);
    assert.deepEqual(await readTexts(again, PAYMENTS), ['b']);
  });

  law('what a reader has got does not change when its memory is needed', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('kept'));
    const records = await readAll(engine, ORDERS);
    for (let round = 0; round < 100; round++) await engine.append(ORDERS, entries(`record ${round}`));
    assert.deepEqual(records.map(textOf), ['kept']);
  });
};
