import type { KinesisError } from '@millrace/aws-model/kinesis';
import { type ServiceError, serviceErrors } from '@millrace/aws-protocol';
import type { NamedStream } from './errors.ts';

/** Texts about capacity: modes, throughput, quotas. As seen on AWS unless marked `ours`. */
const fail = serviceErrors<KinesisError>();

const streamText = ({ name, account }: NamedStream): string => `stream ${name} under account ${account}`;

export const accountRateExceeded = (account: string): ServiceError =>
  fail('LimitExceededException', `Rate exceeded for account ${account}.`);

export const streamRateExceeded = (stream: NamedStream): ServiceError =>
  fail('LimitExceededException', `Rate exceeded for ${streamText(stream)}.`);

/** ours */
export const consumerRateExceeded = (consumerArn: string, shard: string): ServiceError =>
  fail('LimitExceededException', `Rate exceeded for consumer ${consumerArn} and shard ${shard}.`);

/** ours */
export const onDemandLimitExceeded = (
  { account, region }: { readonly account: string; readonly region: string },
  { onDemandCount, onDemandMax }: { readonly onDemandCount: number; readonly onDemandMax: number },
): ServiceError =>
  fail(
    'LimitExceededException',
    `This request would exceed the on-demand stream limit for the account ${account} in ${region}. ` +
      `Current on-demand stream count for the account: ${onDemandCount}. Limit: ${onDemandMax}.`,
  );

/** ours */
export const creatingStreamsExceeded = (account: string, creatingMax: number): ServiceError =>
  fail(
    'LimitExceededException',
    `The account ${account} already has ${creatingMax} streams in state CREATING. Wait until one of them is ACTIVE.`,
  );

/** ours */
export const changedTooOften = (what: string, countMax: number, stream: NamedStream): ServiceError =>
  fail(
    'LimitExceededException',
    `Rate exceeded for ${streamText(stream)}: ${what} is possible ${countMax} times in 24 hours.`,
  );

/** ours */
export const notOnDemand = (what: string, stream: NamedStream): ServiceError =>
  fail(
    'InvalidArgumentException',
    `${what} is only for streams in On-Demand mode. S${streamText(stream).slice(1)} is in Provisioned mode.`,
  );

/** ours */
export const onDemandModeNeeded = (what: string): ServiceError =>
  fail('InvalidArgumentException', `${what} is only for streams in On-Demand mode.`);

/** ours */
export const commitmentNeeded = (account: string): ServiceError =>
  fail(
    'InvalidArgumentException',
    `Warm throughput needs MinimumThroughputBillingCommitment to be enabled for the account ${account}.`,
  );

/** ours */
export const tooMuchWarmThroughput = (wantedMibps: number, mibpsMax: number): ServiceError =>
  fail(
    'LimitExceededException',
    `WarmThroughputMiBps ${wantedMibps} is above the limit of ${mibpsMax} MiB per second for a stream.`,
  );

/** ours */
export const distributionIsAuto = (stream: NamedStream): ServiceError =>
  fail(
    'InvalidArgumentException',
    `S${streamText(stream).slice(1)} has the record distribution strategy AUTO, which Provisioned mode does not know. Change it to USER_PARTITION_KEY first.`,
  );

/** ours */
export const shardCountStepTooLarge = (
  direction: 'up' | 'down',
  {
    openShardCount,
    targetShardCount,
  }: { readonly openShardCount: number; readonly targetShardCount: number },
): ServiceError =>
  fail(
    'InvalidArgumentException',
    `UpdateShardCount cannot scale ${direction === 'up' ? 'up over double' : 'down below half'} your current open shard count. ` +
      `Current open shard count: ${openShardCount} Target shard count: ${targetShardCount}`,
  );

/** ours */
export const shardCountTooHigh = (targetShardCount: number, shardCountMax: number): ServiceError =>
  fail(
    'LimitExceededException',
    `TargetShardCount ${targetShardCount} is above the limit of ${shardCountMax} shards for UpdateShardCount.`,
  );
