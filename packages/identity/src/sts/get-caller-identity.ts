import type { StsOperations } from '@millrace/aws-model/sts';
import type { Operation } from '@millrace/aws-protocol';
import { partitionOf } from '@millrace/core';

/** Every caller is the account that the request is taken for: there are no users yet. */
export const getCallerIdentity: Operation<StsOperations, 'GetCallerIdentity', object> = async (
  _input,
  _deps,
  { account, region },
) => ({
  UserId: account,
  Account: account,
  Arn: `arn:${partitionOf(region)}:iam::${account}:root`,
});
