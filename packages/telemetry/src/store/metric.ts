import type { MetricIdentity } from '@millrace/core';
import { Series } from './series.ts';

export type Dimensions = MetricIdentity['dimensions'];

/** A metric without its unit: one metric may be told in several. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

/** Equal for equal metrics, whatever the order of their dimensions; sorts by namespace, then name. */
export const metricKey = ({ namespace, name, dimensions }: MetricName): string =>
  [namespace, name, ...dimensions.map((dimension) => dimension.join('\u0001')).sort()].join('\u0000');

export class Metric implements MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly byUnit = new Map<string, Series>();

  constructor({ namespace, name, dimensions }: MetricName) {
    this.namespace = namespace;
    this.name = name;
    this.dimensions = dimensions;
  }

  get lastAtMs(): number {
    return Math.max(...Array.from(this.byUnit.values(), ({ lastAtMs }) => lastAtMs));
  }

  seriesOf(unit: string): Series {
    const known = this.byUnit.get(unit);
    if (known !== undefined) return known;
    const series = new Series();
    this.byUnit.set(unit, series);
    return series;
  }
}
