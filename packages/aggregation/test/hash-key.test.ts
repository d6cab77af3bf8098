import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveHashKey, effectivePrefix, hashKeyOf, prefixOf } from '@millrace/aggregation';
import fc from 'fast-check';
import { userRecord } from './naive.ts';

const data = new Uint8Array();

test('a prefix is the beginning of the hash key, whatever the record', () => {
  fc.assert(
    fc.property(userRecord, (record) => {
      const hashKey = effectiveHashKey(record);
      assert(hashKey !== undefined);
      assert.equal(effectivePrefix(record), prefixOf(hashKey));
    }),
  );
});

test('keys of every length around one block of the digest have the prefix of their MD5', () => {
  for (let length = 0; length <= 130; length++) {
    const partitionKey = 'Kinesis-0123456789'.repeat(8).slice(0, length);
    assert.equal(effectivePrefix({ partitionKey, data }), prefixOf(hashKeyOf(partitionKey)), partitionKey);
  }
});

test('of an explicit hash key that is none there is no prefix', () => {
  assert.equal(effectivePrefix({ partitionKey: 'ada', explicitHashKey: 'one', data }), undefined);
});
