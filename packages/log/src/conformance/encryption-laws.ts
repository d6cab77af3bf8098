import assert from 'node:assert/strict';
import { type DataKeyId, dataKeyIdOf } from '@millrace/core';
import fc from 'fast-check';
import { APPEND_BYTES_MAX, type LogEngine } from '../log-engine.ts';
import { at, entries, entry, ORDERS, ROOMY, readAll, readTexts, rejectsWith, textOf } from './fixtures.ts';
import { FIRST_KEY, SECOND_KEY } from './manual-keys.ts';
import type { State } from './subject.ts';

const appendUnder = (engine: LogEngine, encryptWith: DataKeyId | undefined, ...texts: string[]) =>
  engine.append(ORDERS, entries(...texts), { encryptWith });

/** Long enough to be nowhere by chance. */
const SECRET = 'the vault opens at midnight';
const SECRET_KEY = 'the partition of the vault';

export const encryptionLaws = (law: State): void => {
  law('encrypted and plain appends, whatever they hold, come back as they were given', async (subject) => {
    await subject.engine.create(ORDERS);
    const expected: unknown[] = [];
    const append = fc.record({
      encryptWith: fc.constantFrom(undefined, FIRST_KEY, SECOND_KEY),
      given: fc.array(
        fc.record({ key: fc.string({ unit: 'binary' }), value: fc.uint8Array({ maxLength: 300 }) }),
        { minLength: 1, maxLength: 5 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(append, async ({ encryptWith, given }) => {
        await subject.engine.append(ORDERS, given, { encryptWith });
        for (const { key, value } of given) expected.push({ key, value: [...value], encryptWith });
      }),
      { numRuns: 40 },
    );
    const found = async (engine: LogEngine) =>
      (await readAll(engine, ORDERS)).map(({ key, value, encryptedWith }) => ({
        key,
        value: [...value],
        encryptWith: encryptedWith,
      }));
    assert.deepEqual(await found(subject.engine), expected);
    assert.deepEqual(await found(await subject.reopen()), expected);
  });

  law('an encrypted append stands where and when a plain one would', async ({ engine, clock }) => {
    await engine.create(ORDERS);
    await appendUnder(engine, undefined, 'a');
    clock.advance(50);
    const { first, arrivalMs } = await appendUnder(engine, FIRST_KEY, 'b', 'c');
    assert.equal(first, 1);
    assert.deepEqual(await readTexts(engine, ORDERS, 2), ['c']);
    assert.equal(await engine.findByTime(ORDERS, arrivalMs), 1);
  });

  law('what is encrypted is nowhere in the store', async (subject) => {
    await subject.engine.create(ORDERS);
    const assertHidden = async (): Promise<void> => {
      const stored = await subject.storedBytes();
      assert.ok(stored.includes('an open word'), 'the store is looked at where data is');
      for (const secret of [SECRET, SECRET_KEY]) assert.ok(!stored.includes(secret));
    };
    for (let round = 0; round < 5; round++) {
      await subject.engine.append(ORDERS, [entry('an open word')]);
      await subject.engine.append(ORDERS, [entry(SECRET, SECRET_KEY)], { encryptWith: FIRST_KEY });
    }
    await assertHidden();
    await subject.reopen();
    await assertHidden();
  });

  law('an append under a key that is not known is refused and leaves nothing', async ({ engine }) => {
    await engine.create(ORDERS);
    await rejectsWith('key-unavailable', appendUnder(engine, dataKeyIdOf('3'.repeat(32)), 'a'));
    assert.deepEqual(await engine.bounds(ORDERS), { start: at(0), end: at(0) });
    await appendUnder(engine, FIRST_KEY, 'b');
    assert.deepEqual(await readTexts(engine, ORDERS), ['b']);
  });

  law('while a key is away its records are refused, those before them are read', async (subject) => {
    await subject.engine.create(ORDERS);
    await appendUnder(subject.engine, FIRST_KEY, 'a');
    await appendUnder(subject.engine, SECOND_KEY, 'b', 'c');
    await appendUnder(subject.engine, undefined, 'd');
    const check = async (engine: LogEngine): Promise<void> => {
      subject.keys.take(SECOND_KEY);
      assert.deepEqual((await engine.read(ORDERS, at(0), ROOMY)).records.map(textOf), ['a']);
      await rejectsWith('key-unavailable', engine.read(ORDERS, at(1), ROOMY));
      await rejectsWith('key-unavailable', appendUnder(engine, SECOND_KEY, 'e'));
      assert.deepEqual(await readTexts(engine, ORDERS, 3), ['d']);
      subject.keys.giveBack(SECOND_KEY);
      assert.deepEqual(await readTexts(engine, ORDERS), ['a', 'b', 'c', 'd']);
    };
    await check(subject.engine);
    await check(await subject.reopen());
  });

  law('an encrypted append of exactly the most bytes is taken', async ({ engine }) => {
    await engine.create(ORDERS);
    const value = new Uint8Array(APPEND_BYTES_MAX - 1).fill(7);
    await engine.append(ORDERS, [{ key: 'k', value }], { encryptWith: FIRST_KEY });
    const [record] = await readAll(engine, ORDERS);
    assert.ok(Buffer.from(record?.value ?? []).equals(value));
  });
};
