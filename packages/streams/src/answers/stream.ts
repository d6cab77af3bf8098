import type { Stream } from '@millrace/catalog';
import { creationTimeMs } from '../model/creation-time.ts';
import { shardMetricNames } from '../model/shard-metrics.ts';

/** An entry of ListStreams. */
export const streamSummary = (stream: Stream) => ({
  StreamName: stream.name,
  StreamARN: stream.arn,
  StreamStatus: stream.status,
  StreamModeDetails: { StreamMode: stream.mode },
  StreamCreationTimestamp: creationTimeMs(stream),
});

/**
 * What DescribeStream and DescribeStreamSummary both say. Never `StreamId`: SDKs that got one would put it into
 * the host name, over any endpoint of their own.
 */
export const streamProperties = (stream: Stream) => ({
  ...streamSummary(stream),
  RetentionPeriodHours: stream.retentionHours,
  EncryptionType: stream.encryption.type,
  ...(stream.encryption.type === 'KMS' && { KeyId: stream.encryption.keyId }),
  EnhancedMonitoring: [{ ShardLevelMetrics: shardMetricNames(stream.shardMetrics) }],
});
