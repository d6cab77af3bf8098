import { histogramsOf, type MeterLike } from '@millrace/client-common';
import { METRICS } from './metric-table.ts';
import type { Observer } from './metrics.ts';

/** Records every sample in a histogram named as the metric: its sum and count are those of CloudWatch. */
export const openTelemetryObserver = (meter: MeterLike, streamName: string): Observer => {
  const histograms = histogramsOf(meter, METRICS);
  return ({ name, shardId, errorCode }, value) =>
    histograms[name].record(value, {
      'aws.kinesis.stream_name': streamName,
      ...(shardId !== undefined && { 'aws.kinesis.shard_id': shardId }),
      ...(errorCode !== undefined && { 'error.type': errorCode }),
    });
};
