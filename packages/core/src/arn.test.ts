import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatArn, parseArn, partitionOf } from './arn.ts';

test('an ARN is taken apart and put together again', () => {
  const text = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/a:1700000000';
  const arn = parseArn(text);
  assert.equal(arn?.resource, 'stream/orders/consumer/a:1700000000');
  assert.equal(arn && formatArn(arn), text);
});

test('a text with too few parts is no ARN', () => {
  for (const text of ['', 'orders', 'arn:aws:kinesis', 'arn:aws:kinesis:eu-west-1:123456789012:']) {
    assert.equal(parseArn(text), undefined);
  }
});

test('a region tells its partition', () => {
  assert.deepEqual(['eu-west-1', 'cn-north-1', 'us-gov-west-1'].map(partitionOf), [
    'aws',
    'aws-cn',
    'aws-us-gov',
  ]);
});
