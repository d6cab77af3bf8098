import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getCallerIdentity } from './get-caller-identity.ts';

const as = (account: string, region: string) =>
  getCallerIdentity({}, {}, { account, region, requestId: 'r', signal: AbortSignal.any([]) });

test('a caller is the account that the request is taken for', async () => {
  assert.deepEqual(await as('123456789012', 'eu-west-1'), {
    UserId: '123456789012',
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:root',
  });
});

test('the ARN is in the partition of the region', async () => {
  assert.equal((await as('123456789012', 'cn-north-1')).Arn, 'arn:aws-cn:iam::123456789012:root');
});
