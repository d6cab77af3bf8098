import assert from 'node:assert/strict';
import fc from 'fast-check';
import { at, entries, ORDERS, readAll } from './fixtures.ts';
import type { State } from './subject.ts';

export const timeLaws = (law: State): void => {
  law('an empty log has nothing at any time', async ({ engine }) => {
    await engine.create(ORDERS);
    assert.equal(await engine.findByTime(ORDERS, 0), 0);
    assert.equal(await engine.findByTime(ORDERS, Number.MAX_SAFE_INTEGER), 0);
  });

  law('a time is found as a search through all records finds it', async ({ engine, clock }) => {
    await engine.create(ORDERS);
    const steps = fc.array(fc.record({ waitMs: fc.nat(20), count: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(300), fc.nat(10), async (given, aroundMs, trimBy) => {
        for (const { waitMs, count } of given) {
          clock.advance(waitMs);
          await engine.append(ORDERS, entries(...Array.from({ length: count }, () => 'x'.repeat(50))));
        }
        const { start } = await engine.bounds(ORDERS);
        await engine.trim(ORDERS, at(start + trimBy));
        const records = await readAll(engine, ORDERS);
        const { end } = await engine.bounds(ORDERS);
        for (const timestampMs of [clock.now() - aroundMs, clock.now(), clock.now() + 1, 0]) {
          const expected = records.find(({ arrivalMs }) => arrivalMs >= timestampMs)?.position ?? end;
          assert.equal(await engine.findByTime(ORDERS, timestampMs), expected);
        }
      }),
      { numRuns: 40 },
    );
  });

  law('arrival times do not fall across a restart, even when the log is empty', async (subject) => {
    const { engine, clock } = subject;
    await engine.create(ORDERS);
    const before = await engine.append(ORDERS, entries('a'));
    await engine.trim(ORDERS, at(1));
    clock.step(-3_600_000);
    const after = await (await subject.reopen()).append(ORDERS, entries('b'));
    assert.ok(after.arrivalMs >= before.arrivalMs);
  });
};
