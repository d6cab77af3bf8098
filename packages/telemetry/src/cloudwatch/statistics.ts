import type { StatisticSet } from '../store/statistic-set.ts';
import { invalidValue } from './errors.ts';

/** Undefined where the set cannot tell. */
export type ReadStatistic = (set: StatisticSet) => number | undefined;

const simple: Readonly<Record<string, ReadStatistic>> = {
  SampleCount: ({ sampleCount }) => sampleCount,
  Average: ({ sum, sampleCount }) => (sampleCount === 0 ? undefined : sum / sampleCount),
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** A statistic by the name that requests have for it: `Sum`, `p99.9`. Trimmed means and their kin are not kept. */
export const statisticNamed = (name: string): ReadStatistic => {
  const known = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (known !== undefined) return known;
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent !== undefined) return (set) => set.percentile(Number(percent));
  throw invalidValue(
    `The statistic ${name} is not one of SampleCount, Average, Sum, Minimum, Maximum and percentiles (p0 to p100).`,
  );
};
