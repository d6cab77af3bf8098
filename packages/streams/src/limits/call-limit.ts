import type { Exchange, Guard } from '@millrace/aws-protocol';
import type { Clock } from '@millrace/core';
import { accountRateExceeded, consumerRateExceeded, streamRateExceeded } from '../model/capacity-errors.ts';
import type { NamedStream } from '../model/errors.ts';
import type { CallScope } from './call-rates.ts';
import { ForgetfulMap } from './forgetful-map.ts';
import type { Limits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

/** Buckets of one operation; names of streams come from callers, who may make them up. */
const BUCKETS_MAX = 10_000;
const IDLE_MS = 60_000;

interface Names {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly ConsumerARN?: string;
  readonly ShardId?: string;
}

type Calling = NonNullable<Exchange['context']>;

/** The name in `arn:…:stream/NAME` and `arn:…:stream/NAME/consumer/…`. */
const nameInArn = (arn = ''): string => arn.split('/')[1] ?? '';

const streamOf = (input: Names, { account }: Calling): NamedStream => ({
  account,
  name: input.StreamName ?? nameInArn(input.StreamARN ?? input.ConsumerARN),
});

interface Counted {
  readonly key: (input: Names, calling: Calling) => string;
  readonly refusal: (input: Names, calling: Calling) => Error;
}

const SCOPES: Readonly<Record<CallScope, Counted>> = {
  account: { key: () => '', refusal: (_, { account }) => accountRateExceeded(account) },
  stream: {
    key: (input, calling) => streamOf(input, calling).name,
    refusal: (input, calling) => streamRateExceeded(streamOf(input, calling)),
  },
  'consumer and shard': {
    key: ({ ConsumerARN, ShardId }) => `${ConsumerARN}/${ShardId}`,
    refusal: ({ ConsumerARN = '', ShardId = '' }) => consumerRateExceeded(ConsumerARN, ShardId),
  },
};

/** Refuses calls above the rate of their operation; undefined where no rate is bounded. For the pipeline's `limit`. */
export const callLimit = ({ calls }: Limits, clock: Clock): Guard | undefined => {
  if (calls.size === 0) return undefined;
  const buckets = new Map(
    Array.from(calls, ([operation, { perSecond }]) => {
      const make = (nowMs: number) => new TokenBucket(perSecond, nowMs);
      return [operation, new ForgetfulMap({ idleMs: IDLE_MS, countMax: BUCKETS_MAX, make })];
    }),
  );
  return ({ service, operationName = '', context, input }) => {
    const rate = calls.get(operationName);
    if (rate === undefined || context === undefined || service?.model.name !== 'kinesis') return;
    const { key, refusal } = SCOPES[rate.scope];
    const nowMs = clock.monotonic();
    const name = `${context.account}/${context.region}/${key(input as Names, context)}`;
    if (buckets.get(operationName)?.at(name, nowMs).take(1, nowMs) === false) {
      throw refusal(input as Names, context);
    }
  };
};
