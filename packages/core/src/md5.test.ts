import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { md5 } from './md5.ts';

const hexOf = (text: string): string =>
  md5(text)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');

test('any text has the digest that OpenSSL gives it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );
  fc.assert(
    fc.property(texts, (text) => assert.equal(hexOf(text), hash('md5', text))),
    { numRuns: 1_000 },
  );
});

test('texts around the size of one block have the right digest', () => {
  for (let bytes = 0; bytes <= 130; bytes++) {
    const text = 'k'.repeat(bytes);
    assert.equal(hexOf(text), hash('md5', text));
  }
});
