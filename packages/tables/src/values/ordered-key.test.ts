import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareValues } from './compare.ts';
import { decimalOf } from './decimal.ts';
import { AFTER, keyPart, partitionText, prefixPart, segmentStart } from './ordered-key.ts';
import type { KeyValue } from './value.ts';

const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 6 })
  .map((value): KeyValue => ({ type: 'S', value: value.toWellFormed() }));
const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((value): KeyValue => ({ type: 'B', value }));
const number = fc
  .tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.integer({ min: -120, max: 110 }))
  .map(([digits, exponent]): KeyValue => ({ type: 'N', value: decimalOf(`${digits}e${exponent}`) }));

const pairs = fc.oneof(
  fc.tuple(text, text),
  fc.tuple(bytes, bytes),
  fc
    .tuple(fc.uint8Array({ max: 1, maxLength: 4 }), fc.uint8Array({ max: 1, maxLength: 4 }))
    .map(([a, b]): [KeyValue, KeyValue] => [
      { type: 'B', value: a },
      { type: 'B', value: b },
    ]),
  fc.tuple(number, number),
);

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

test('parts are ordered as the values are', () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      assert.equal(order(keyPart(a), keyPart(b)), Math.sign(compareValues(a, b) ?? Number.NaN));
    }),
    { numRuns: 2_000 },
  );
});

test('no part begins with another one', () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      assert.equal(keyPart(a).startsWith(keyPart(b)), compareValues(a, b) === 0);
    }),
    { numRuns: 2_000 },
  );
});

test('what begins with a text lies between its prefix and the end of that', () => {
  fc.assert(
    fc.property(fc.tuple(text, text), ([a, b]) => {
      if (a.type !== 'S' || b.type !== 'S') return;
      const prefix = prefixPart(b);
      const lies = keyPart(a) >= prefix && keyPart(a) < prefix + AFTER;
      assert.equal(lies, Buffer.from(a.value).indexOf(Buffer.from(b.value)) === 0);
    }),
    { numRuns: 2_000 },
  );
});

test('segments cut all partitions into pieces, each of which is in one', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (value, count) => {
      const place = partitionText(value);
      const holding = Array.from({ length: count }, (_, segment) => segment).filter(
        (segment) => place >= segmentStart(segment, count) && place < segmentStart(segment + 1, count),
      );
      assert.equal(holding.length, 1);
    }),
  );
});
