import type { Dimension, MetricDatum, MetricUnit } from './metric-upload.ts';
import { Statistics } from './statistics.ts';

/** What was measured, under the dimensions that it is to have. */
export interface MetricSample {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly dimensions: readonly Dimension[];
  readonly statistics: Statistics;
}

const statisticValues = ({ count, sum, minimum, maximum }: Statistics): MetricDatum['StatisticValues'] => ({
  SampleCount: count,
  Sum: sum,
  Minimum: minimum,
  Maximum: maximum,
});

/** As CloudWatch takes it: samples that their dimensions do not tell apart become one. */
export const metricData = (samples: readonly MetricSample[], nowMs: number): MetricDatum[] => {
  const merged = new Map<string, MetricSample>();
  for (const sample of samples) {
    const { name, dimensions } = sample;
    const id = [name, ...dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join(' ');
    const known = merged.get(id) ?? { ...sample, statistics: new Statistics() };
    known.statistics.merge(sample.statistics);
    merged.set(id, known);
  }
  return [...merged.values()].map(({ name, unit, dimensions, statistics }) => ({
    MetricName: name,
    Dimensions: [...dimensions],
    Timestamp: new Date(nowMs),
    Unit: unit,
    StatisticValues: statisticValues(statistics),
  }));
};
