import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Position, positionOf } from '@millrace/core';
import type { LogRecord } from '@millrace/log';
import fc from 'fast-check';
import { createStream } from '../test/a-catalog.ts';
import { CatalogError } from './catalog-error.ts';
import { decodeSubmission, encodeSubmission } from './control-log.ts';
import { reduce } from './reduce.ts';
import { decodeState, encodeState } from './snapshot.ts';
import { emptyState } from './state.ts';

const RUNS = 1000;

const state = emptyState();
reduce(state, createStream('orders'), 1);
const STATE = Buffer.from(encodeState(state)).toString();
const SUBMISSION = Buffer.from(encodeSubmission({ id: 'a', command: createStream('orders') })).toString();

const FIRST: Position = positionOf(0);
const recordOf = (text: string): LogRecord => ({
  position: FIRST,
  arrivalMs: 1,
  key: '',
  value: Buffer.from(text),
});

/** The text with a piece cut out and another put in its place, or JSON that has nothing to do with it. */
const spoiled = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(
        fc.nat(text.length),
        fc.nat(30),
        fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('null', '{}', '[]', '-1', '"')),
      )
      .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length)),
    fc.json(),
    fc.string(),
  );

/** What comes out; undefined when it is refused by name. */
const orRefused = <Result>(decode: () => Result): Result | undefined => {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CatalogError) return undefined;
    throw error;
  }
};

test('a spoiled command is one that is known, or is refused by name', () => {
  fc.assert(
    fc.property(spoiled(SUBMISSION), (text) => {
      const submission = orRefused(() => decodeSubmission(recordOf(text)));
      if (submission !== undefined) assert.deepEqual(submission, JSON.parse(text));
    }),
    { numRuns: RUNS },
  );
});

test('a spoiled snapshot is a state, or is refused by name', () => {
  fc.assert(
    fc.property(spoiled(STATE), (text) => {
      const decoded = orRefused(() => decodeState(Buffer.from(text)));
      if (decoded !== undefined) assert.equal(typeof JSON.parse(text), 'object');
    }),
    { numRuns: RUNS },
  );
});

test('a command and a snapshot come back as they were', () => {
  assert.equal(Buffer.from(encodeState(decodeState(Buffer.from(STATE)))).toString(), STATE);
  assert.deepEqual(decodeSubmission(recordOf(SUBMISSION)).command, createStream('orders'));
});
