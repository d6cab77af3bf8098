import type { MetricUnit } from './metric-upload.ts';

export interface HistogramLike {
  record(value: number, attributes: Readonly<Record<string, string>>): void;
}

/** What is needed of an OpenTelemetry `Meter`, which fits as it is. */
export interface MeterLike {
  createHistogram(
    name: string,
    options: { readonly unit: string; readonly description: string },
  ): HistogramLike;
}

/** UCUM, as OpenTelemetry wants it. */
const UNITS: Readonly<Record<MetricUnit, string>> = { Count: '1', Bytes: 'By', Milliseconds: 'ms' };

/** A histogram for each metric of a table: its sum and count are those of CloudWatch. */
export const histogramsOf = <Name extends string>(
  meter: MeterLike,
  table: { readonly [Key in Name]: { readonly unit: MetricUnit; readonly help: string } },
): { readonly [Key in Name]: HistogramLike } =>
  Object.fromEntries(
    Object.entries<{ readonly unit: MetricUnit; readonly help: string }>(table).map(
      ([name, { unit, help }]) => [
        name,
        meter.createHistogram(name, { unit: UNITS[unit], description: help }),
      ],
    ),
  ) as { [Key in Name]: HistogramLike };
