import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLinearizable, type Operation } from './check.ts';

/** A register of one number. */
const write = (startedMs: number, endedMs: number, value: number): Operation<number> => ({
  startedMs,
  endedMs,
  text: `write ${value}`,
  apply: () => ({ state: value }),
});
const read = (startedMs: number, endedMs: number, value: number): Operation<number> => ({
  startedMs,
  endedMs,
  text: `read ${value}`,
  apply: (state) => (state === value ? { state } : undefined),
});

describe('the checker', () => {
  const GOOD: readonly (readonly [string, readonly Operation<number>[]])[] = [
    ['nothing', []],
    ['one after the other', [write(0, 1, 5), read(2, 3, 5)]],
    ['a read during a write sees the old or the new', [write(0, 9, 5), read(1, 2, 0), read(3, 4, 5)]],
    ['writes that overlap, in either order', [write(0, 9, 5), write(0, 9, 6), read(10, 11, 5)]],
    ['a write without an answer that happened', [write(0, Infinity, 5), read(1, 2, 5)]],
    ['a write without an answer that did not', [write(0, Infinity, 5), read(1, 2, 0)]],
    ['a write without an answer that happened late', [write(0, Infinity, 5), read(1, 2, 0), read(3, 4, 5)]],
  ];
  for (const [what, history] of GOOD) test(`accepts ${what}`, () => assert.ok(isLinearizable(0, history)));

  const BAD: readonly (readonly [string, readonly Operation<number>[]])[] = [
    ['a value nobody wrote', [read(0, 1, 7)]],
    ['a write that was forgotten', [write(0, 1, 5), read(2, 3, 0)]],
    ['a write that is seen and then gone', [write(0, 9, 5), read(1, 2, 5), read(3, 4, 0)]],
    ['a value that was written later', [read(0, 1, 5), write(2, 3, 5)]],
    [
      'one without an answer that happened twice',
      [write(0, Infinity, 5), read(1, 2, 5), write(3, 4, 6), read(5, 6, 5)],
    ],
    [
      'two readers of two orders',
      [write(0, 9, 5), write(0, 9, 6), read(1, 2, 5), read(3, 4, 6), read(5, 6, 5)],
    ],
  ];
  for (const [what, history] of BAD) test(`refuses ${what}`, () => assert.ok(!isLinearizable(0, history)));
});
