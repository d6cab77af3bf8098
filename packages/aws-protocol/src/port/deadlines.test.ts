import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '@millrace/core';
import fc from 'fast-check';
import { Deadlines, type Wait } from './deadlines.ts';

/** Time that goes on only when it is told to. */
const aClock = () => {
  let nowMs = 0;
  const timers = new Set<{ dueMs: number; task: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    after(delayMs, task) {
      const timer = { dueMs: nowMs + delayMs, task };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
  };
  const advanceTo = (ms: number) => {
    for (;;) {
      const [next] = [...timers].filter(({ dueMs }) => dueMs <= ms).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      timers.delete(next);
      nowMs = Math.max(nowMs, next.dueMs);
      next.task();
    }
    nowMs = ms;
  };
  return { clock, timers, advanceTo };
};

test('a wait that is not stopped falls due once, and one that is stopped never', () => {
  const { clock, advanceTo } = aClock();
  const deadlines = new Deadlines(clock, 100);
  const late: string[] = [];
  deadlines.start(() => late.push('kept'));
  deadlines.stop(deadlines.start(() => late.push('stopped')));
  advanceTo(99);
  assert.deepEqual(late, []);
  advanceTo(100);
  advanceTo(1000);
  assert.deepEqual(late, ['kept']);
});

test('many waits share one timer, and none is left when none waits', () => {
  const { clock, timers, advanceTo } = aClock();
  const deadlines = new Deadlines(clock, 100);
  for (let wait = 0; wait < 50; wait += 1) deadlines.start(() => undefined);
  assert.equal(timers.size, 1);
  advanceTo(100);
  assert.equal(timers.size, 0);
});

test('whatever starts and stops, each wait falls due exactly on its time', () => {
  const steps = fc.array(
    fc.record({ pauseMs: fc.integer({ min: 0, max: 60 }), stops: fc.option(fc.nat(20)) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (plan) => {
      const { clock, advanceTo } = aClock();
      const deadlines = new Deadlines(clock, 100);
      const waits: Wait[] = [];
      const expected = new Map<number, number>();
      const late = new Map<number, number>();
      for (const [index, { pauseMs, stops }] of plan.entries()) {
        advanceTo(clock.monotonic() + pauseMs);
        waits.push(deadlines.start(() => late.set(index, clock.monotonic())));
        expected.set(index, clock.monotonic() + 100);
        const stopped = stops === null ? undefined : waits[stops];
        if (stops === null || stopped === undefined || late.has(stops)) continue;
        deadlines.stop(stopped);
        expected.delete(stops);
      }
      advanceTo(clock.monotonic() + 1000);
      assert.deepEqual(late, expected);
    }),
  );
});
