import type { Metric } from '../store/metric.ts';
import type { MetricStore } from '../store/metric-store.ts';
import { MINUTE_MS } from '../store/series.ts';
import { StatisticSet } from '../store/statistic-set.ts';
import { invalidValue } from './errors.ts';

/** Below a minute CloudWatch knows these alone; the finest that is kept here is a minute. */
const SHORT_PERIODS_S: readonly number[] = [1, 5, 10, 20, 30];

/** The period of a request in milliseconds. */
export const periodMsOf = (seconds: number): number => {
  if (SHORT_PERIODS_S.includes(seconds)) return MINUTE_MS;
  if (seconds % 60 === 0) return seconds * 1000;
  throw invalidValue(`The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${seconds}.`);
};

export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly periodMs: number;
}

export const checkRange = ({ fromMs, toMs }: TimeRange): void => {
  if (fromMs < toMs) return;
  throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
};

/** Statistics by period, counted from the start of the range, in the order of time; periods without data are left out. */
export const statisticsByPeriod = (
  store: MetricStore,
  metric: Metric | undefined,
  unit: string | undefined,
  { fromMs, toMs, periodMs }: TimeRange,
): [startMs: number, set: StatisticSet][] => {
  const periods = new Map<number, StatisticSet>();
  for (const [seriesUnit, series] of metric?.byUnit ?? []) {
    if (unit !== undefined && unit !== seriesUnit) continue;
    for (const point of store.points(series, fromMs, toMs)) {
      const startMs = fromMs + Math.floor((point.startMs - fromMs) / periodMs) * periodMs;
      const set = periods.get(startMs) ?? new StatisticSet();
      set.merge(point.set);
      periods.set(startMs, set);
    }
  }
  return [...periods].sort(([a], [b]) => a - b);
};
