import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Millrace, start } from '@millrace/server';
import { call, rawCall } from '../support/raw-call.ts';

/** Refusals that need more than an input: a full account, an iterator that has outlived its stream. */
describe('the API says what stands in the way', { timeout: 60_000 }, () => {
  let millrace: Millrace;
  before(async () => {
    millrace = await start({ stream: [{ name: 'orders', shardCount: 3 }], limit: [['shards', 3]] });
  });
  after(() => millrace.close());

  const told = async (operation: string, input: object) => {
    const { status, body } = await rawCall(millrace.endpoint, operation, JSON.stringify(input));
    return { status, body: JSON.parse(body === '' ? '{}' : body) as object };
  };

  const overQuota = (more: number) => ({
    status: 400,
    body: {
      __type: 'LimitExceededException',
      message: `This request would exceed the shard limit for the account 000000000000 in us-east-1. Current shard count for the account: 3. Limit: 3. Number of additional shards that would have resulted from this request: ${more}. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
    },
  });

  test('CreateStream over the quota of shards', async () => {
    assert.deepEqual(await told('CreateStream', { StreamName: 'more', ShardCount: 2 }), overQuota(2));
  });

  test('SplitShard over the quota of shards, before it looks at the hash key', async () => {
    const input = { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '0' };
    assert.deepEqual(await told('SplitShard', input), overQuota(1));
  });

  test('a number of AWS’s first form breaks GetShardIterator, which says no more than that', async () => {
    const input = {
      StreamName: 'orders',
      ShardId: '0',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: '0',
    };
    const expected = { status: 500, body: { __type: 'InternalFailure' } };
    assert.deepEqual(await told('GetShardIterator', input), expected);
  });

  test('GetRecords with an iterator of a stream that has gone', async () => {
    const input = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'LATEST' };
    const iterator = await call<object>(millrace.endpoint, 'GetShardIterator', input);
    await call(millrace.endpoint, 'DeleteStream', { StreamName: 'orders' });
    while ((await told('DescribeStreamSummary', { StreamName: 'orders' })).status === 200);
    assert.deepEqual(await told('GetRecords', iterator), {
      status: 400,
      body: {
        __type: 'ResourceNotFoundException',
        message: 'Shard shardId-000000000000 in stream orders under account 000000000000 does not exist',
      },
    });
  });
});
