import assert from 'node:assert/strict';
import fc from 'fast-check';
import { at, entries, entry, ORDERS, PAYMENTS, ROOMY, readAll, rejectsWith, textOf } from './fixtures.ts';
import type { State } from './subject.ts';

const TEN = [...'abcdefghij'];

export const readLaws = (law: State): void => {
  law('a read returns no more records than asked for, and says where to go on', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries(...TEN));
    const { records, next, end } = await engine.read(ORDERS, at(2), { records: 3, bytes: 1000 });
    assert.deepEqual(records.map(textOf), ['c', 'd', 'e']);
    assert.deepEqual([next, end], [5, 10]);
  });

  law('keys and values count towards the bytes of a read', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(
      ORDERS,
      TEN.map((text) => entry(text.repeat(6), 'keyé')),
    );
    const { records } = await engine.read(ORDERS, at(0), { records: 10, bytes: 33 });
    assert.equal(records.length, 3);
    assert.equal((await engine.read(ORDERS, at(0), { records: 10, bytes: 32 })).records.length, 2);
  });

  law('the first record is returned whatever its size', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('x'.repeat(5000), 'y', 'z'));
    const { records, next } = await engine.read(ORDERS, at(0), { records: 10, bytes: 1 });
    assert.deepEqual(
      records.map(({ value }) => value.length),
      [5000],
    );
    assert.equal(next, 1);
  });

  law('a record that is larger than any portion of a file is read whole', async ({ engine }) => {
    await engine.create(ORDERS);
    const value = new Uint8Array(3 * 1024 * 1024).map((_, index) => index);
    await engine.append(ORDERS, [{ key: 'large', value }, entry('after')]);
    const [large, after] = await readAll(engine, ORDERS);
    assert.ok(Buffer.from(large?.value ?? []).equals(value));
    assert.equal(after && textOf(after), 'after');
  });

  law('whatever the limits, reading on and on gives every record once', async ({ engine }) => {
    await engine.create(ORDERS);
    const texts = Array.from({ length: 200 }, (_, index) => `${index} `.repeat(index % 17));
    for (let from = 0; from < texts.length; from += 25) {
      await engine.append(ORDERS, entries(...texts.slice(from, from + 25)));
    }
    const limits = fc.record({ records: fc.integer({ min: 1, max: 60 }), bytes: fc.nat(3000) });
    await fc.assert(
      fc.asyncProperty(limits, fc.nat(200), async (given, from) => {
        const records = await readAll(engine, ORDERS, from, given);
        assert.deepEqual(records.map(textOf), texts.slice(from));
      }),
      { numRuns: 30 },
    );
  });

  law('a read from the end is empty', async ({ engine }) => {
    await engine.create(ORDERS);
    assert.deepEqual(await engine.read(ORDERS, at(0), ROOMY), { records: [], next: at(0), end: at(0) });
    await engine.append(ORDERS, entries('a'));
    assert.deepEqual(await engine.read(ORDERS, at(1), ROOMY), { records: [], next: at(1), end: at(1) });
  });

  law('a read past the end is empty and stays where it was asked to be', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries('a'));
    assert.deepEqual(await engine.read(ORDERS, at(7), ROOMY), { records: [], next: at(7), end: at(1) });
  });

  law('a read from before the start begins at the start', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.append(ORDERS, entries(...TEN));
    await engine.trim(ORDERS, at(4));
    const { records, next } = await engine.read(ORDERS, at(1), { records: 2, bytes: 1000 });
    assert.deepEqual(records.map(textOf), ['e', 'f']);
    assert.equal(next, 6);
  });

  law('nothing is readable before its append resolves', async ({ engine }) => {
    await engine.create(ORDERS);
    let isAcknowledged = false;
    const appending = engine.append(ORDERS, entries('a')).then(() => {
      isAcknowledged = true;
    });
    const { records } = await engine.read(ORDERS, at(0), ROOMY);
    if (records.length > 0) {
      // The engine may have been quick: then the append resolves in this turn of the event loop.
      await Promise.resolve();
      assert.ok(isAcknowledged);
    }
    await appending;
    assert.equal((await readAll(engine, ORDERS)).length, 1);
  });

  law('what is read belongs to the log it is read from', async ({ engine }) => {
    await engine.create(ORDERS);
    await engine.create(PAYMENTS);
    await Promise.all(
      TEN.map((text, index) => engine.append(index % 2 === 0 ? ORDERS : PAYMENTS, entries(text))),
    );
    assert.deepEqual((await readAll(engine, ORDERS)).map(textOf), ['a', 'c', 'e', 'g', 'i']);
    assert.deepEqual((await readAll(engine, PAYMENTS)).map(textOf), ['b', 'd', 'f', 'h', 'j']);
  });

  law('a log that does not exist cannot be read', async ({ engine }) => {
    await rejectsWith('no-such-log', engine.read(ORDERS, at(0), ROOMY));
    await rejectsWith('no-such-log', engine.bounds(ORDERS));
    await rejectsWith('no-such-log', engine.findByTime(ORDERS, 0));
  });
};
