import {
  arnOf,
  atLeast,
  atMost,
  breaks,
  type Laws,
  missing,
  notLonger,
  notShorter,
  stream,
  unknownStream,
  unknownStreamArn,
} from '../laws.ts';

const arn = { StreamARN: 'String', StreamId: 'String' } as const;
const StreamARN = arnOf('orders');
const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

const monitoring = {
  members: { ...stream, ShardLevelMetrics: 'List', 'ShardLevelMetrics[]': 'String' } as const,
  bounds: [
    [{ StreamName: 'orders' }, missing('shardLevelMetrics')],
    [{ StreamName: 'orders', ShardLevelMetrics: [] }, breaks('shardLevelMetrics', '[]', notShorter(1))],
    [
      { StreamName: 'orders', ShardLevelMetrics: Array(8).fill('ALL') },
      breaks('shardLevelMetrics', '[ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL]', notLonger(7)),
    ],
  ] as const,
  refusals: [unknownStream({ ShardLevelMetrics: ['ALL'] }), unknownStreamArn({ ShardLevelMetrics: ['ALL'] })],
};

const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
const encryption = {
  members: { ...stream, EncryptionType: 'String', KeyId: 'String' } as const,
  bounds: [
    [{ StreamName: 'orders', KeyId: 'k' }, missing('encryptionType')],
    [{ StreamName: 'orders', EncryptionType: 'KMS' }, missing('keyId')],
    [{ StreamName: 'orders', EncryptionType: 'KMS', KeyId: '' }, breaks('keyId', '', notShorter(1))],
    [
      { StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'k'.repeat(2049) },
      breaks('keyId', 'k'.repeat(2049), notLonger(2048)),
    ],
  ] as const,
  refusals: [unknownStream(key), unknownStreamArn(key)],
};

export const settingLaws: Laws = {
  EnableEnhancedMonitoring: monitoring,
  DisableEnhancedMonitoring: monitoring,
  StartStreamEncryption: encryption,
  StopStreamEncryption: encryption,
  UpdateStreamMode: {
    members: {
      ...arn,
      StreamModeDetails: 'Structure',
      'StreamModeDetails.StreamMode': 'String',
      WarmThroughputMiBps: 'Integer',
    },
    bounds: [
      [ON_DEMAND, missing('streamARN')],
      [{ StreamARN }, missing('streamModeDetails')],
      [{ StreamARN, StreamModeDetails: {} }, missing('streamModeDetails.streamMode')],
      [{ StreamARN, ...ON_DEMAND, WarmThroughputMiBps: -1 }, breaks('warmThroughputMiBps', -1, atLeast(0))],
    ],
    refusals: [unknownStreamArn(ON_DEMAND)],
  },
  UpdateStreamRecordDistributionStrategy: {
    members: { ...arn, RecordDistributionStrategy: 'String' },
    bounds: [
      [{ RecordDistributionStrategy: 'AUTO' }, missing('streamARN')],
      [{ StreamARN }, missing('recordDistributionStrategy')],
    ],
    refusals: [unknownStreamArn({ RecordDistributionStrategy: 'AUTO' })],
  },
  UpdateStreamWarmThroughput: {
    members: { ...stream, WarmThroughputMiBps: 'Integer' },
    bounds: [
      [{ StreamARN }, missing('warmThroughputMiBps')],
      [{ StreamARN, WarmThroughputMiBps: -1 }, breaks('warmThroughputMiBps', -1, atLeast(0))],
    ],
    refusals: [unknownStream({ WarmThroughputMiBps: 1 }), unknownStreamArn({ WarmThroughputMiBps: 1 })],
  },
  UpdateMaxRecordSize: {
    members: { ...arn, MaxRecordSizeInKiB: 'Integer' },
    bounds: [
      [{ StreamARN }, missing('maxRecordSizeInKiB')],
      [{ StreamARN, MaxRecordSizeInKiB: 1023 }, breaks('maxRecordSizeInKiB', 1023, atLeast(1024))],
      [{ StreamARN, MaxRecordSizeInKiB: 10_241 }, breaks('maxRecordSizeInKiB', 10_241, atMost(10_240))],
    ],
    refusals: [unknownStreamArn({ MaxRecordSizeInKiB: 1024 })],
  },
  UpdateAccountSettings: {
    members: {
      MinimumThroughputBillingCommitment: 'Structure',
      'MinimumThroughputBillingCommitment.Status': 'String',
    },
    bounds: [
      [{}, missing('minimumThroughputBillingCommitment')],
      [{ MinimumThroughputBillingCommitment: {} }, missing('minimumThroughputBillingCommitment.status')],
    ],
  },
  // Nothing to get wrong: they have no members.
  DescribeAccountSettings: { members: {} },
  DescribeLimits: { members: {} },
};
