import {
  ACCOUNT,
  asName,
  asStreamArn,
  atLeast,
  atMost,
  breaks,
  emptyName,
  type Laws,
  mapKeys,
  mapValues,
  missing,
  notLonger,
  notShorter,
  stream,
  unknownStream,
  unknownStreamArn,
} from '../laws.ts';

const longName = 'n'.repeat(129);

const retention = (name: 'Increase' | 'Decrease', disagreement: readonly [hours: number, text: string]) => ({
  members: { ...stream, RetentionPeriodHours: 'Integer' } as const,
  bounds: [
    [{}, missing('retentionPeriodHours')],
    [{ StreamName: '' }, missing('retentionPeriodHours'), ...emptyName('streamName')],
  ] as const,
  refusals: [
    unknownStream({ RetentionPeriodHours: 24 }),
    [
      'less than a day',
      { StreamName: 'orders', RetentionPeriodHours: 23 },
      'InvalidArgumentException',
      'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
    ],
    [
      `a period that is not for ${name}`,
      { StreamName: name === 'Increase' ? 'kept-long' : 'orders', RetentionPeriodHours: disagreement[0] },
      'InvalidArgumentException',
      disagreement[1],
    ],
  ] as const,
});

export const streamLaws: Laws = {
  CreateStream: {
    members: {
      StreamName: 'String',
      ShardCount: 'Integer',
      StreamModeDetails: 'Structure',
      'StreamModeDetails.StreamMode': 'String',
      Tags: 'Map',
      'Tags{}': 'String',
      WarmThroughputMiBps: 'Integer',
      MaxRecordSizeInKiB: 'Integer',
      RecordDistributionStrategy: 'String',
    },
    bounds: [
      [{ ShardCount: 1 }, missing('streamName')],
      [{ ShardCount: 0 }, breaks('shardCount', 0, atLeast(1)), missing('streamName')],
      [
        { StreamName: '', ShardCount: 0 },
        breaks('shardCount', 0, atLeast(1)),
        breaks('streamName', '', asName),
        breaks('streamName', '', notShorter(1)),
      ],
      [
        { StreamName: 'a b', ShardCount: -1 },
        breaks('shardCount', -1, atLeast(1)),
        breaks('streamName', 'a b', asName),
      ],
      [{ StreamName: longName, ShardCount: 1 }, breaks('streamName', longName, notLonger(128))],
      [{ StreamName: 'a', StreamModeDetails: {} }, missing('streamModeDetails.streamMode')],
      [
        { StreamName: 'a', ShardCount: 1, MaxRecordSizeInKiB: 1023 },
        breaks('maxRecordSizeInKiB', 1023, atLeast(1024)),
      ],
      [
        { StreamName: 'a', ShardCount: 1, MaxRecordSizeInKiB: 10_241 },
        breaks('maxRecordSizeInKiB', 10_241, atMost(10_240)),
      ],
      [
        { StreamName: 'a', ShardCount: 1, WarmThroughputMiBps: -1 },
        breaks('warmThroughputMiBps', -1, atLeast(0)),
      ],
      [{ StreamName: 'a', ShardCount: 1, Tags: {} }, breaks('tags', '{}', notShorter(1))],
      [{ StreamName: 'a', ShardCount: 1, Tags: { '': 'v' } }, breaks('tags', '{=v}', mapKeys)],
      [
        { StreamName: 'a', ShardCount: 1, Tags: { k: 'v'.repeat(257) } },
        breaks('tags', `{k=${'v'.repeat(257)}}`, mapValues),
      ],
    ],
    refusals: [
      [
        'a name that is taken',
        { StreamName: 'orders', ShardCount: 1 },
        'ResourceInUseException',
        `Stream orders under account ${ACCOUNT} already exists.`,
      ],
    ],
  },
  DeleteStream: {
    members: { ...stream, EnforceConsumerDeletion: 'Boolean' },
    bounds: [
      [{ StreamName: '' }, ...emptyName('streamName')],
      [{ StreamName: longName }, breaks('streamName', longName, notLonger(128))],
    ],
    refusals: [unknownStream(), unknownStreamArn()],
  },
  DescribeStream: {
    members: { ...stream, Limit: 'Integer', ExclusiveStartShardId: 'String' },
    bounds: [
      [
        { StreamName: '', Limit: 0, ExclusiveStartShardId: '' },
        breaks('limit', 0, atLeast(1)),
        ...emptyName('exclusiveStartShardId'),
        ...emptyName('streamName'),
      ],
      [{ StreamName: 'orders', Limit: 10_001 }, breaks('limit', 10_001, atMost(10_000))],
    ],
    refusals: [unknownStream(), unknownStreamArn()],
  },
  DescribeStreamSummary: {
    members: stream,
    bounds: [
      [{ StreamName: '' }, ...emptyName('streamName')],
      [{ StreamARN: 'orders' }, breaks('streamARN', 'orders', asStreamArn)],
    ],
    refusals: [unknownStream(), unknownStreamArn()],
  },
  ListStreams: {
    members: { Limit: 'Integer', ExclusiveStartStreamName: 'String', NextToken: 'String' },
    bounds: [
      [
        { Limit: 0, ExclusiveStartStreamName: '' },
        breaks('limit', 0, atLeast(1)),
        ...emptyName('exclusiveStartStreamName'),
      ],
      [{ Limit: 10_001 }, breaks('limit', 10_001, atMost(10_000))],
      [{ NextToken: '' }, breaks('nextToken', '', notShorter(1))],
    ],
  },
  IncreaseStreamRetentionPeriod: retention('Increase', [
    24,
    'Requested retention period (24 hours) for stream kept-long can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
  ]),
  DecreaseStreamRetentionPeriod: retention('Decrease', [
    25,
    'Requested retention period (25 hours) for stream orders can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.',
  ]),
};
