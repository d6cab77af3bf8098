import type { MeasuredUnit } from '@millrace/core';

/** The metrics of a stream, as AWS names them, with its units. */
export const STREAM_METRICS = {
  IncomingBytes: 'Bytes',
  IncomingRecords: 'Count',
  'PutRecord.Bytes': 'Bytes',
  'PutRecord.Latency': 'Milliseconds',
  'PutRecord.Success': 'Count',
  'PutRecords.Bytes': 'Bytes',
  'PutRecords.Latency': 'Milliseconds',
  'PutRecords.Success': 'Count',
  'PutRecords.Records': 'Count',
  'PutRecords.TotalRecords': 'Count',
  'PutRecords.SuccessfulRecords': 'Count',
  'PutRecords.FailedRecords': 'Count',
  'PutRecords.ThrottledRecords': 'Count',
  'GetRecords.Bytes': 'Bytes',
  'GetRecords.IteratorAgeMilliseconds': 'Milliseconds',
  'GetRecords.Latency': 'Milliseconds',
  'GetRecords.Records': 'Count',
  'GetRecords.Success': 'Count',
  WriteProvisionedThroughputExceeded: 'Count',
  ReadProvisionedThroughputExceeded: 'Count',
} as const satisfies Readonly<Record<string, MeasuredUnit>>;

/** Of one consumer with enhanced fan-out: a second dimension, ConsumerName. */
export const CONSUMER_METRICS = {
  'SubscribeToShard.RateExceeded': 'Count',
  'SubscribeToShard.Success': 'Count',
  'SubscribeToShardEvent.Bytes': 'Bytes',
  'SubscribeToShardEvent.MillisBehindLatest': 'Milliseconds',
  'SubscribeToShardEvent.Records': 'Count',
  'SubscribeToShardEvent.Success': 'Count',
} as const satisfies Readonly<Record<string, MeasuredUnit>>;

/** Of one shard, where EnableEnhancedMonitoring asked for it: a second dimension, ShardId. */
export const SHARD_METRICS = {
  IncomingBytes: 'Bytes',
  IncomingRecords: 'Count',
  OutgoingBytes: 'Bytes',
  OutgoingRecords: 'Count',
  WriteProvisionedThroughputExceeded: 'Count',
  ReadProvisionedThroughputExceeded: 'Count',
  IteratorAgeMilliseconds: 'Milliseconds',
} as const satisfies Readonly<Record<string, MeasuredUnit>>;

export type StreamMetric = keyof typeof STREAM_METRICS;
export type ConsumerMetric = keyof typeof CONSUMER_METRICS;
export type ShardMetric = keyof typeof SHARD_METRICS;
