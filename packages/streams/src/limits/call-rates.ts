import type { KinesisOperations } from '@millrace/aws-model/kinesis';

/** What the calls are counted for, each in its account and region. */
export type CallScope = 'account' | 'stream' | 'consumer and shard';

export interface CallRate {
  readonly perSecond: number;
  readonly scope: CallScope;
}

const account = (perSecond: number): CallRate => ({ perSecond, scope: 'account' });
const stream = (perSecond: number): CallRate => ({ perSecond, scope: 'stream' });

/** Calls in a second, from the API model. What it gives no number for is not counted. */
export const CALL_RATES: { readonly [Name in keyof KinesisOperations]?: CallRate } = {
  AddTagsToStream: account(5),
  CreateChannel: account(5),
  CreateStream: account(5),
  DeleteChannel: account(5),
  DeleteStream: account(5),
  DeregisterStreamConsumer: stream(5),
  DescribeAccountSettings: account(5),
  DescribeChannel: account(5),
  DescribeLimits: account(1),
  DescribeStream: account(10),
  DescribeStreamConsumer: stream(20),
  DescribeStreamSummary: account(20),
  ListChannels: account(5),
  ListShards: stream(1_000),
  ListStreamConsumers: stream(5),
  ListStreams: account(5),
  ListTagsForStream: account(5),
  MergeShards: account(5),
  RegisterStreamConsumer: account(5),
  RemoveTagsFromStream: account(5),
  SplitShard: account(5),
  SubscribeToShard: { perSecond: 1, scope: 'consumer and shard' },
  UpdateAccountSettings: account(5),
  UpdateChannel: account(5),
  UpdateShardCount: account(10),
  UpdateStreamWarmThroughput: account(5),
};

/** `--limit` knows a rate by its operation and this, such as `CreateStream-calls-per-second`. */
const SUFFIX = '-calls-per-second';

/** The operation whose rate has this name. */
export const operationOfQuota = (name: string): string | undefined => {
  const operation = name.slice(0, -SUFFIX.length);
  return name.endsWith(SUFFIX) && Object.hasOwn(CALL_RATES, operation) ? operation : undefined;
};
