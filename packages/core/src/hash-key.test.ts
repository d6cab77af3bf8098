import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { divideHashKeySpace, HASH_KEY_MAX, hashKeyOf, parseHashKey } from './hash-key.ts';

test('a partition key falls on the MD5 of its UTF-8 bytes, read big-endian', () => {
  for (const key of ['a', 'Größe', '鍵', '😀']) {
    assert.equal(hashKeyOf(key), BigInt(`0x${hash('md5', key)}`));
  }
});

test('the ranges of any number of shards tile the space without gap or overlap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), (count) => {
      const ranges = divideHashKeySpace(count);
      assert.equal(ranges.length, count);
      assert.equal(ranges[0]?.start, 0n);
      assert.equal(ranges.at(-1)?.end, HASH_KEY_MAX);
      for (const [index, range] of ranges.entries()) {
        assert.ok(range.start <= range.end);
        if (index > 0) assert.equal(range.start, (ranges[index - 1]?.end ?? 0n) + 1n);
      }
    }),
  );
});

test('the last of several ranges takes the remainder', () => {
  const sizes = divideHashKeySpace(3).map(({ start, end }) => end - start + 1n);
  assert.deepEqual(sizes, [HASH_KEY_MAX / 3n, HASH_KEY_MAX / 3n, HASH_KEY_MAX / 3n + 1n]);
});

test('a number outside the space is no hash key', () => {
  assert.equal(parseHashKey(String(HASH_KEY_MAX)), HASH_KEY_MAX);
  assert.equal(parseHashKey(String(HASH_KEY_MAX + 1n)), undefined);
});
