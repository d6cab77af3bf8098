import { type HistogramLike, histogramsOf, type MeterLike } from '@millrace/client-common';
import type { MetricObserver } from './metrics.ts';
import { type MetricRow, OPERATIONS } from './operations.ts';

/** `ProcessTask.RecordsProcessed`: one name may mean different things in two operations. */
const table = (): Record<string, MetricRow> =>
  Object.fromEntries(
    Object.entries(OPERATIONS).flatMap(([operation, { metrics }]) =>
      Object.entries(metrics).map(([name, row]) => [`${operation}.${name}`, row]),
    ),
  );

/** Records every sample in a histogram of its operation and metric. Nothing is said of a worker: a resource is one. */
export const openTelemetryObserver = (meter: MeterLike): MetricObserver => {
  const histograms: Readonly<Record<string, HistogramLike>> = histogramsOf(meter, table());
  return ({ operation, name, shard }, value) =>
    histograms[`${operation}.${name}`]?.record(value, {
      ...(shard !== undefined && {
        'aws.kinesis.stream_name': shard.stream.streamName,
        'aws.kinesis.shard_id': shard.shardId,
      }),
    });
};
