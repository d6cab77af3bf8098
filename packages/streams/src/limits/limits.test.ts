import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@millrace/log/conformance';
import { callLimit } from './call-limit.ts';
import { limitNames, limitsOf, parseLimit } from './limits.ts';
import { shardThroughputOf } from './shard-throughput.ts';

test('without limits there is nothing to ask on the way of a record or a call', () => {
  const limits = limitsOf('none');
  assert.equal(shardThroughputOf(limits, new ManualClock()), undefined);
  assert.equal(callLimit(limits, new ManualClock()), undefined);
});

test('one bound can be set alone, or in the place of AWS’s', () => {
  const alone = limitsOf('none', { 'shard-read-calls-per-second': 2 });
  assert.equal(alone.quotas['shard-write-bytes-per-second'], Number.POSITIVE_INFINITY);
  const shards = shardThroughputOf(alone, new ManualClock());
  assert.deepEqual(
    [1, 2, 3].map(() => shards?.takeRead('a')),
    [true, true, false],
  );
  for (let count = 0; count < 5_000; count++) assert.equal(shards?.takeRecord('a', 10 * 1024 * 1024), true);
  const other = limitsOf('aws', { shards: 10 });
  assert.deepEqual([other.quotas.shards, other.quotas['on-demand-streams']], [10, 50]);
});

test('every name can be set, and a wrong one is answered with all of them', () => {
  for (const name of limitNames()) assert.deepEqual(parseLimit(`${name}=7`), [name, 7]);
  assert.throws(() => parseLimit('toString=1'), /There is no limit 'toString'/);
  assert.throws(() => parseLimit('-calls-per-second=1'), /There is no limit/);
  for (const value of ['', '-1', '1.5', 'x', '99999999999999999999']) {
    assert.throws(() => parseLimit(`shards=${value}`), /whole number/);
  }
});
