/**
 * Where AWS's published models say something else than AWS's servers do, or than a self-hosted server can
 * live with. The generator applies these; a new published model is taken up without losing them.
 */
export interface Correction {
  readonly reason: string;
  readonly javaPackage?: string;
  readonly errorNamespace?: string;
  readonly checksumHeader?: string;
  readonly operations?: Readonly<Record<string, { readonly memberOrder: readonly string[] }>>;
  readonly shapes?: Readonly<Record<string, ShapeCorrection>>;
}

export interface ShapeCorrection {
  readonly memberOrder?: readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly required?: readonly string[];
}

const order = (...memberOrder: string[]) => ({ memberOrder });

const kinesis: readonly Correction[] = [
  {
    reason: 'Validation messages print entries of PutRecords as Java objects of this package (recorded).',
    javaPackage: 'com.amazonaws.kinesis.v20131202',
  },
  {
    reason:
      'AWS reports several broken members in an order of its own (recorded). Members that came later, such ' +
      'as StreamARN, are not in the recordings; they follow in the order of the model.',
    operations: {
      AddTagsToStream: order('Tags', 'StreamName'),
      RemoveTagsFromStream: order('TagKeys', 'StreamName'),
      CreateStream: order('ShardCount', 'StreamName'),
      IncreaseStreamRetentionPeriod: order('RetentionPeriodHours', 'StreamName'),
      DecreaseStreamRetentionPeriod: order('RetentionPeriodHours', 'StreamName'),
      DescribeStream: order('Limit', 'ExclusiveStartShardId', 'StreamName'),
      ListStreams: order('Limit', 'ExclusiveStartStreamName'),
      ListTagsForStream: order('Limit', 'ExclusiveStartTagKey', 'StreamName'),
      ListShards: order(
        'ExclusiveStartShardId',
        'MaxResults',
        'NextToken',
        'StreamCreationTimestamp',
        'StreamName',
      ),
      GetShardIterator: order(
        'ShardId',
        'ShardIteratorType',
        'StartingSequenceNumber',
        'StreamName',
        'Timestamp',
      ),
      GetRecords: order('Limit', 'ShardIterator'),
      PutRecord: order('SequenceNumberForOrdering', 'PartitionKey', 'ExplicitHashKey', 'Data', 'StreamName'),
      PutRecords: order('Records', 'StreamName'),
      MergeShards: order('ShardToMerge', 'AdjacentShardToMerge', 'StreamName'),
      SplitShard: order('NewStartingHashKey', 'StreamName', 'ShardToSplit'),
    },
    shapes: { PutRecordsRequestEntry: order('PartitionKey', 'ExplicitHashKey', 'Data') },
  },
  {
    reason:
      'The last event of a closed shard has ChildShards and no ContinuationSequenceNumber: KCL takes an event ' +
      'with both for invalid, and reads it again for ever.',
    shapes: { SubscribeToShardEvent: { required: ['Records', 'MillisBehindLatest'] } },
  },
  {
    reason: "AWS prints this enum in the order of a Java hash set, not in the model's (recorded).",
    shapes: {
      ShardIteratorType: {
        enum: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
      },
    },
  },
  {
    reason:
      'AWS printed these patterns without anchors and outer brackets when its answers were recorded; the ' +
      'model has since gained them, the match is the same.',
    shapes: {
      HashKey: { pattern: '0|([1-9]\\d{0,38})' },
      SequenceNumber: { pattern: '0|([1-9]\\d{0,128})' },
    },
  },
];

const firehose: readonly Correction[] = [
  {
    reason: 'A destination of a self-hosted server may speak plain HTTP.',
    shapes: {
      HttpEndpointUrl: { pattern: 'https?://.*' },
      AmazonOpenSearchServerlessCollectionEndpoint: { pattern: 'https?:.*' },
      AmazonopensearchserviceClusterEndpoint: { pattern: 'https?:.*' },
      ElasticsearchClusterEndpoint: { pattern: 'https?:.*' },
    },
  },
  {
    reason: "The model admits only hosts under AWS's own Redshift domains; outside AWS it is any PostgreSQL.",
    shapes: {
      ClusterJDBCURL: { pattern: 'jdbc:(redshift|postgresql)://[a-zA-Z0-9_.-]+:\\d{1,5}/[a-zA-Z0-9_$-]+' },
    },
  },
  {
    reason: "A Snowflake-compatible endpoint of one's own lives under any name, short ones too.",
    shapes: { SnowflakeAccountUrl: { pattern: '\\S+', min: 1 } },
  },
];

const kinesisanalytics: readonly Correction[] = [
  {
    reason:
      "Java's possessive quantifiers (`{1}+`) are no JavaScript. The region part admits what the other " +
      "services' ARNs admit.",
    shapes: {
      KinesisAnalyticsARN: {
        pattern: 'arn:aws:kinesisanalytics:[a-z0-9-]+:\\d{12}:application/[a-zA-Z0-9_.-]{1,128}',
      },
    },
  },
];

const dynamodb: readonly Correction[] = [
  {
    reason:
      'Errors carry their Java package, and answers a checksum that the Java SDK looks at. Not modelled.',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    checksumHeader: 'x-amz-crc32',
  },
];

/** By service name; a service that is not here is taken as published. */
export const corrections: Readonly<Record<string, readonly Correction[]>> = {
  kinesis,
  firehose,
  kinesisanalytics,
  dynamodb,
};
