import { type Dimension, type MetricDatum, metricData } from '@millrace/client-common';
import type { Settings } from '../settings.ts';
import { type DIMENSIONS, dimensionNames } from './dimensions.ts';
import type { Measured } from './metrics.ts';
import { type MetricRow, OPERATIONS } from './operations.ts';

const LEVELS = { none: [], summary: ['summary'], detailed: ['summary', 'detailed'] } as const;

export interface CloudWatchOptions {
  readonly settings: Pick<Settings, 'metricsLevel' | 'metricsDimensions'>;
  readonly workerId: string;
  /** Of the data, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The operation and the stream, where there are several, are always told. */
const dimensionsOf = (
  { operation, shard }: Measured,
  { settings, workerId }: CloudWatchOptions,
): Dimension[] => {
  const enabled = dimensionNames(settings.metricsDimensions);
  const isWorkers = OPERATIONS[operation].kind === 'worker';
  const values: readonly [name: (typeof DIMENSIONS)[number], value: string | undefined, always: boolean][] = [
    ['Operation', operation, true],
    ['ShardId', shard?.shardId, false],
    ['StreamId', shard?.stream.streamId, true],
    ['WorkerIdentifier', isWorkers ? workerId : undefined, false],
  ];
  return values.flatMap(([Name, Value, always]) =>
    Value !== undefined && (always || enabled.includes(Name)) ? [{ Name, Value }] : [],
  );
};

/** What was measured, as CloudWatch takes it, at the level and with the dimensions of the settings. */
export const cloudWatchData = (measured: readonly Measured[], options: CloudWatchOptions): MetricDatum[] => {
  const levels: readonly string[] = LEVELS[options.settings.metricsLevel];
  const samples = measured.flatMap((series) => {
    const rows: Readonly<Record<string, MetricRow>> = OPERATIONS[series.operation].metrics;
    const row = rows[series.name];
    if (row === undefined || !levels.includes(row.level)) return [];
    const { name, statistics } = series;
    return [{ name, unit: row.unit, dimensions: dimensionsOf(series, options), statistics }];
  });
  return metricData(samples, options.nowMs);
};
