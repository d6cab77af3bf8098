import { METRICS, type MetricName, type MetricUnit } from './metric-table.ts';
import type { Observer } from './metrics.ts';

type Attributes = Readonly<Record<string, string>>;

/** What the producer needs of an OpenTelemetry `Meter`, which fits as it is. */
export interface MeterLike {
  createHistogram(
    name: string,
    options: { readonly unit: string; readonly description: string },
  ): { record(value: number, attributes: Attributes): void };
}

/** UCUM, as OpenTelemetry wants it. */
const UNITS: Readonly<Record<MetricUnit, string>> = { Count: '1', Bytes: 'By', Milliseconds: 'ms' };

/** Records every sample in a histogram named as the metric: its sum and count are those of CloudWatch. */
export const openTelemetryObserver = (meter: MeterLike, streamName: string): Observer => {
  const histograms = Object.fromEntries(
    Object.entries(METRICS).map(([name, { unit, help }]) => [
      name,
      meter.createHistogram(name, { unit: UNITS[unit], description: help }),
    ]),
  ) as Record<MetricName, ReturnType<MeterLike['createHistogram']>>;
  return ({ name, shardId, errorCode }, value) =>
    histograms[name].record(value, {
      'aws.kinesis.stream_name': streamName,
      ...(shardId !== undefined && { 'aws.kinesis.shard_id': shardId }),
      ...(errorCode !== undefined && { 'error.type': errorCode }),
    });
};
