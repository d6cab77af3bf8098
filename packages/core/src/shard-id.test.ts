import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseShardId, shardIdOf } from './shard-id.ts';

test('a shard id is the index in twelve digits', () => assert.equal(shardIdOf(7), 'shardId-000000000007'));

test('a bare number, a short id and any prefix name the same shard', () => {
  for (const text of ['7', 'shardId-7', 'x-7', 'shardId-000000000007', 'a-b-7'])
    assert.equal(parseShardId(text), 7);
});

test('a text without a number, or with one too large, is no shard id', () => {
  for (const text of ['', 'shardId-', 'shardId', '7x', 'shardId-2147483648', '0000000000007']) {
    assert.equal(parseShardId(text), undefined);
  }
});
