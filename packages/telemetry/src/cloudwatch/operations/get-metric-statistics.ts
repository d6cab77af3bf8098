import type { Datapoint, StandardUnit, Statistic } from '@millrace/aws-model/cloudwatch';
import type { Metric } from '../../store/metric.ts';
import { MINUTE_MS } from '../../store/series.ts';
import type { StatisticSet } from '../../store/statistic-set.ts';
import type { CloudWatchDeps, CloudWatchOperation } from '../deps.ts';
import { dimensionsFrom } from '../dimensions.ts';
import { invalidCombination } from '../errors.ts';
import { checkRange, periodMsOf, statisticsByPeriod, type TimeRange } from '../periods.ts';
import { type ReadStatistic, statisticNamed } from '../statistics.ts';

/** Of one answer (API documentation). */
const DATAPOINTS_MAX = 1_440;

interface Wanted {
  readonly statistics: readonly Statistic[];
  readonly extended: readonly (readonly [name: string, read: ReadStatistic])[];
}

const wantedOf = (statistics: readonly Statistic[] = [], extended: readonly string[] = []): Wanted => {
  if (statistics.length > 0 === extended.length > 0) {
    throw invalidCombination('Exactly one of Statistics and ExtendedStatistics must be specified.');
  }
  return { statistics, extended: extended.map((name) => [name, statisticNamed(name)] as const) };
};

const checkCount = ({ fromMs, toMs, periodMs }: TimeRange): void => {
  const count = Math.ceil((toMs - fromMs) / periodMs);
  if (count <= DATAPOINTS_MAX) return;
  throw invalidCombination(
    `${count} datapoints are asked for, and one answer holds ${DATAPOINTS_MAX}: use a longer Period or a shorter time range.`,
  );
};

const extendedOf = (set: StatisticSet, { extended }: Wanted): Record<string, number> =>
  Object.fromEntries(
    extended.flatMap(([name, read]) => {
      const value = read(set);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

const datapoint = (startMs: number, set: StatisticSet, unit: StandardUnit, wanted: Wanted): Datapoint => ({
  Timestamp: startMs,
  Unit: unit,
  ...Object.fromEntries(wanted.statistics.map((name) => [name, statisticNamed(name)(set)])),
  ...(wanted.extended.length === 0 ? {} : { ExtendedStatistics: extendedOf(set, wanted) }),
});

/** A metric that was told in several units has its datapoints in each. */
const datapoints = (
  metric: Metric | undefined,
  units: readonly string[],
  range: TimeRange,
  wanted: Wanted,
  { store }: CloudWatchDeps,
): Datapoint[] =>
  units.flatMap((unit) =>
    statisticsByPeriod(store, metric, unit, range).map(([startMs, set]) =>
      datapoint(startMs, set, unit as StandardUnit, wanted),
    ),
  );

/** Periods are counted from the start, which is taken down to a whole minute, as CloudWatch does. */
export const getMetricStatistics: CloudWatchOperation<'GetMetricStatistics'> = async (
  input,
  deps,
  context,
) => {
  const { Namespace: namespace, MetricName: name, StartTime, EndTime, Unit: unit } = input;
  const wanted = wantedOf(input.Statistics, input.ExtendedStatistics);
  const fromMs = Math.floor(StartTime / MINUTE_MS) * MINUTE_MS;
  const range = { fromMs, toMs: EndTime, periodMs: periodMsOf(input.Period) };
  checkRange({ ...range, fromMs: StartTime });
  checkCount(range);
  deps.recorder.flush();
  const metric = deps.store.find(context, { namespace, name, dimensions: dimensionsFrom(input.Dimensions) });
  const units = unit === undefined ? [...(metric?.byUnit.keys() ?? [])] : [unit];
  return { Label: name, Datapoints: datapoints(metric, units, range, wanted, deps) };
};
