import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { ManualClock } from '@millrace/log/conformance';
import { ACCOUNT, awsError, REGION } from '../../test/world.ts';
import { callLimit } from './call-limit.ts';
import { limitsOf } from './limits.ts';

/** Calls as the pipeline shows them to its guard. */
const aGuard = () => {
  const clock = new ManualClock();
  const guard = callLimit(limitsOf('aws'), clock);
  const call = (operationName: string, input: object, region = REGION) =>
    guard?.({
      request: {
        method: 'POST',
        target: '/',
        headers: {},
        body: new Uint8Array(),
        signal: AbortSignal.any([]),
      },
      requestId: 'r',
      service: { model: kinesisModel, handlers: new Map() },
      operationName,
      input,
      context: { requestId: 'r', account: ACCOUNT, region, signal: AbortSignal.any([]) },
    });
  return { clock, call };
};

test('an account that calls too often is refused until time has passed', () => {
  const { clock, call } = aGuard();
  for (let count = 0; count < 5; count++) call('CreateStream', { StreamName: `s${count}` });
  const sixth = () => call('CreateStream', { StreamName: 's6' });
  assert.throws(sixth, awsError('LimitExceededException', `Rate exceeded for account ${ACCOUNT}.`));
  call('CreateStream', {}, 'us-east-1');
  call('DeleteStream', { StreamName: 's1' });
  clock.advance(200);
  sixth();
  assert.throws(sixth);
});

test('a stream has its own rate, by name or by ARN', () => {
  const { call } = aGuard();
  const arn = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders`;
  for (let count = 0; count < 500; count++) {
    call('ListShards', { StreamName: 'orders' });
    call('ListShards', { StreamARN: arn });
  }
  assert.throws(
    () => call('ListShards', { StreamARN: arn }),
    awsError('LimitExceededException', `Rate exceeded for stream orders under account ${ACCOUNT}.`),
  );
  call('ListShards', { StreamName: 'others' });
});

test('a consumer may subscribe to a shard once a second', () => {
  const { clock, call } = aGuard();
  const input = { ConsumerARN: 'c', ShardId: 'shardId-000000000000' };
  call('SubscribeToShard', input);
  assert.throws(() => call('SubscribeToShard', input), { code: 'LimitExceededException' });
  call('SubscribeToShard', { ...input, ShardId: 'shardId-000000000001' });
  clock.advance(1_000);
  call('SubscribeToShard', input);
});

test('puts and gets are not counted as calls', () => {
  const { call } = aGuard();
  for (let count = 0; count < 5_000; count++) call('PutRecord', { StreamName: 'orders' });
});
