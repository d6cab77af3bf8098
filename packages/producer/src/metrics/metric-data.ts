import { type Dimension, type MetricDatum, metricData } from '@millrace/client-common';
import type { Settings } from '../settings.ts';
import { METRICS } from './metric-table.ts';
import type { Measured } from './metrics.ts';

const LEVELS = { none: [], summary: ['summary'], detailed: ['summary', 'detailed'] } as const;

export interface MetricDataOptions {
  readonly settings: Pick<Settings, 'metricsLevel' | 'metricsGranularity'>;
  readonly streamName: string;
  /** Of the data, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Each sample counts in every one of these: for all streams, for the stream, for the shard. */
const dimensionsOf = (
  { shardId, errorCode }: Measured,
  { settings: { metricsGranularity }, streamName }: MetricDataOptions,
): Dimension[][] => {
  const code = errorCode === undefined ? [] : [{ Name: 'ErrorCode', Value: errorCode }];
  const stream = { Name: 'StreamName', Value: streamName };
  const all = [[...code]];
  if (metricsGranularity !== 'global') all.push([stream, ...code]);
  if (metricsGranularity === 'shard' && shardId !== undefined) {
    all.push([stream, { Name: 'ShardId', Value: shardId }, ...code]);
  }
  return all;
};

/** What was measured, as CloudWatch takes it, at the level and with the dimensions of the settings. */
export const producerData = (measured: readonly Measured[], options: MetricDataOptions): MetricDatum[] => {
  const levels: readonly string[] = LEVELS[options.settings.metricsLevel];
  const uploaded = measured.filter(({ name }) => levels.includes(METRICS[name].level));
  const samples = uploaded.flatMap((series) =>
    dimensionsOf(series, options).map((dimensions) => ({
      name: series.name,
      unit: METRICS[series.name].unit,
      dimensions,
      statistics: series.statistics,
    })),
  );
  return metricData(samples, options.nowMs);
};
