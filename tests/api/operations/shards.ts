import {
  ACCOUNT,
  asHashKey,
  atLeast,
  atMost,
  breaks,
  emptyName,
  type Laws,
  missing,
  notShorter,
  type Refusal,
  stream,
  unknownStream,
  unknownStreamArn,
} from '../laws.ts';

const ORDERS = `stream orders under account ${ACCOUNT}`;
/** The first of the two shards of `orders` ends one below this. */
const MIDDLE = 2n ** 127n;

const notActive = (input: object): Refusal => [
  'a stream that is not ACTIVE',
  { StreamName: 'changing', ...input },
  'ResourceInUseException',
  `Stream changing under account ${ACCOUNT} not ACTIVE, instead in state UPDATING`,
];

const noShard = (what: string, shard: string, input: object): Refusal => [
  what,
  { StreamName: 'orders', ...input },
  'ResourceNotFoundException',
  `Could not find shard ${shard} in ${ORDERS}.`,
];

const splitOutside = (key: bigint): Refusal => [
  `the key ${key}, which is outside or at the edge of the shard`,
  { StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(key) },
  'InvalidArgumentException',
  `NewStartingHashKey ${key} used in SplitShard() on shard shardId-000000000000 in ${ORDERS} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${MIDDLE - 1n}.`,
];

export const shardLaws: Laws = {
  ListShards: {
    members: {
      ...stream,
      NextToken: 'String',
      ExclusiveStartShardId: 'String',
      MaxResults: 'Integer',
      StreamCreationTimestamp: 'Timestamp',
      ShardFilter: 'Structure',
      'ShardFilter.Type': 'String',
      'ShardFilter.ShardId': 'String',
      'ShardFilter.Timestamp': 'Timestamp',
    },
    bounds: [
      [
        { StreamName: '', NextToken: '', MaxResults: 0, ExclusiveStartShardId: '' },
        ...emptyName('exclusiveStartShardId'),
        breaks('maxResults', 0, atLeast(1)),
        breaks('nextToken', '', notShorter(1)),
        ...emptyName('streamName'),
      ],
      [{ StreamName: 'orders', MaxResults: 10_001 }, breaks('maxResults', 10_001, atMost(10_000))],
      [{ StreamName: 'orders', ShardFilter: {} }, missing('shardFilter.type')],
    ],
    refusals: [
      unknownStream(),
      unknownStreamArn(),
      [
        'neither stream nor token',
        {},
        'InvalidArgumentException',
        'Either NextToken or StreamName should be provided.',
      ],
      [
        'a stream and a token',
        { StreamName: 'orders', NextToken: 'x' },
        'InvalidArgumentException',
        'NextToken and StreamName cannot be provided together.',
      ],
    ],
  },
  SplitShard: {
    members: { ...stream, ShardToSplit: 'String', NewStartingHashKey: 'String' },
    bounds: [
      [{ StreamName: 'orders' }, missing('newStartingHashKey'), missing('shardToSplit')],
      [
        { StreamName: '', ShardToSplit: '', NewStartingHashKey: '' },
        breaks('newStartingHashKey', '', asHashKey),
        ...emptyName('streamName'),
        ...emptyName('shardToSplit'),
      ],
    ],
    refusals: [
      unknownStream({ ShardToSplit: 'shardId-0', NewStartingHashKey: '5' }),
      notActive({ ShardToSplit: 'shardId-0', NewStartingHashKey: '5' }),
      noShard('an id that is no shard id', 'first', { ShardToSplit: 'first', NewStartingHashKey: '5' }),
      noShard('an unknown shard', 'shardId-000000000009', {
        ShardToSplit: 'shardId-9',
        NewStartingHashKey: '5',
      }),
      splitOutside(0n),
      splitOutside(1n),
      splitOutside(MIDDLE - 1n),
      splitOutside(MIDDLE),
    ],
  },
  MergeShards: {
    members: { ...stream, ShardToMerge: 'String', AdjacentShardToMerge: 'String' },
    bounds: [
      [{ StreamName: 'orders' }, missing('shardToMerge'), missing('adjacentShardToMerge')],
      [
        { StreamName: '', ShardToMerge: '', AdjacentShardToMerge: '' },
        ...emptyName('shardToMerge'),
        ...emptyName('adjacentShardToMerge'),
        ...emptyName('streamName'),
      ],
    ],
    refusals: [
      unknownStream({ ShardToMerge: '0', AdjacentShardToMerge: '1' }),
      notActive({ ShardToMerge: '0', AdjacentShardToMerge: '1' }),
      noShard('an id that is no shard id', 'first', { ShardToMerge: '0', AdjacentShardToMerge: 'first' }),
      noShard('an unknown shard', 'shardId-000000000009', { ShardToMerge: '0', AdjacentShardToMerge: '9' }),
      [
        'shards that are not neighbours',
        { StreamName: 'kept-long', ShardToMerge: '0', AdjacentShardToMerge: '2' },
        'InvalidArgumentException',
        `Shards shardId-000000000000 and shardId-000000000002 in stream kept-long under account ${ACCOUNT} are not an adjacent pair of shards eligible for merging`,
      ],
    ],
  },
  UpdateShardCount: {
    members: { ...stream, TargetShardCount: 'Integer', ScalingType: 'String' },
    bounds: [
      [{ StreamName: 'orders', ScalingType: 'UNIFORM_SCALING' }, missing('targetShardCount')],
      [{ StreamName: 'orders', TargetShardCount: 1 }, missing('scalingType')],
      [
        { StreamName: 'orders', ScalingType: 'UNIFORM_SCALING', TargetShardCount: 0 },
        breaks('targetShardCount', 0, atLeast(1)),
      ],
      [
        { StreamName: 'orders', ScalingType: 'uniform', TargetShardCount: 1 },
        breaks('scalingType', 'uniform', 'Member must satisfy enum value set: [UNIFORM_SCALING]'),
      ],
    ],
    refusals: [
      unknownStream({ TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' }),
      [
        'an on-demand stream',
        { StreamName: 'on-demand', TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' },
        'ValidationException',
        `Request is invalid. Stream on-demand under account ${ACCOUNT} is in On-Demand mode.`,
      ],
    ],
  },
};
