import {
  ACCOUNT,
  arnOf,
  atLeast,
  atMost,
  breaks,
  emptyName,
  type Laws,
  missing,
  notLonger,
  notShorter,
  unknownStreamArn,
} from '../laws.ts';

const arn = { StreamARN: 'String', StreamId: 'String' } as const;
const consumer = { ...arn, ConsumerName: 'String', ConsumerARN: 'String' } as const;
const longArn = `${arnOf('orders')}/consumer/${'c'.repeat(2048)}:1`;
const consumerBounds = [
  [{ StreamARN: arnOf('orders'), ConsumerName: '' }, ...emptyName('consumerName')],
  [{ ConsumerARN: longArn }, breaks('consumerARN', longArn, notLonger(2048))],
] as const;

export const consumerLaws: Laws = {
  RegisterStreamConsumer: {
    members: { ...arn, ConsumerName: 'String', Tags: 'Map', 'Tags{}': 'String' },
    bounds: [
      [{ StreamARN: arnOf('orders') }, missing('consumerName')],
      [{ ConsumerName: 'c' }, missing('streamARN')],
      [{ StreamARN: arnOf('orders'), ConsumerName: '' }, ...emptyName('consumerName')],
      [{ StreamARN: arnOf('orders'), ConsumerName: 'c', Tags: {} }, breaks('tags', '{}', notShorter(1))],
    ],
    refusals: [unknownStreamArn({ ConsumerName: 'c' })],
  },
  DeregisterStreamConsumer: {
    members: consumer,
    bounds: consumerBounds,
    refusals: [unknownStreamArn({ ConsumerName: 'c' })],
  },
  DescribeStreamConsumer: {
    members: consumer,
    bounds: consumerBounds,
    refusals: [unknownStreamArn({ ConsumerName: 'c' })],
  },
  ListStreamConsumers: {
    members: { ...arn, NextToken: 'String', MaxResults: 'Integer', StreamCreationTimestamp: 'Timestamp' },
    bounds: [
      [{}, missing('streamARN')],
      [{ StreamARN: arnOf('orders'), MaxResults: 0 }, breaks('maxResults', 0, atLeast(1))],
      [{ StreamARN: arnOf('orders'), MaxResults: 10_001 }, breaks('maxResults', 10_001, atMost(10_000))],
      [{ StreamARN: arnOf('orders'), NextToken: '' }, breaks('nextToken', '', notShorter(1))],
    ],
    refusals: [unknownStreamArn()],
  },
  SubscribeToShard: {
    members: {
      ConsumerARN: 'String',
      ShardId: 'String',
      StartingPosition: 'Structure',
      'StartingPosition.Type': 'String',
      'StartingPosition.SequenceNumber': 'String',
      'StartingPosition.Timestamp': 'Timestamp',
      StreamId: 'String',
      DryRun: 'Boolean',
    },
    bounds: [
      [
        { ConsumerARN: `${arnOf('orders')}/consumer/c:1`, ShardId: '0', StartingPosition: {} },
        missing('startingPosition.type'),
      ],
      [
        { ConsumerARN: `${arnOf('orders')}/consumer/c:1`, StartingPosition: { Type: 'LATEST' } },
        missing('shardId'),
      ],
      [{ ShardId: '0', StartingPosition: { Type: 'LATEST' } }, missing('consumerARN')],
      [{ ConsumerARN: `${arnOf('orders')}/consumer/c:1`, ShardId: '0' }, missing('startingPosition')],
      [
        {
          ConsumerARN: `${arnOf('orders')}/consumer/c:1`,
          ShardId: '0',
          StartingPosition: { Type: 'first' },
        },
        breaks(
          'startingPosition.type',
          'first',
          'Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]',
        ),
      ],
    ],
    refusals: [
      [
        'a consumer of an unknown stream',
        {
          ConsumerARN: `${arnOf('none')}/consumer/c:1`,
          ShardId: '0',
          StartingPosition: { Type: 'LATEST' },
        },
        'ResourceNotFoundException',
        `Stream none under account ${ACCOUNT} not found.`,
      ],
    ],
  },
};
