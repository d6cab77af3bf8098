import type { MetricDataQuery, MetricDataResult, MetricStat } from '@millrace/aws-model/cloudwatch';
import type { CallContext } from '@millrace/aws-protocol';
import type { CloudWatchDeps, CloudWatchOperation } from '../deps.ts';
import { dimensionsFrom } from '../dimensions.ts';
import { invalidQuery, missingParameter } from '../errors.ts';
import { pageOf } from '../metric-data-page.ts';
import { checkRange, periodMsOf, statisticsByPeriod } from '../periods.ts';
import { statisticNamed } from '../statistics.ts';

/** Queries of one call, and datapoints of one answer (API documentation). */
const QUERIES_MAX = 500;
const DATAPOINTS_MAX = 100_800;

interface Times {
  readonly StartTime: number;
  readonly EndTime: number;
}

const checkQueries = (queries: readonly MetricDataQuery[]): void => {
  if (queries.length === 0) throw missingParameter('MetricDataQueries');
  if (queries.length > QUERIES_MAX) throw invalidQuery(`One call takes at most ${QUERIES_MAX} queries.`);
  const ids = new Set<string>();
  for (const { Id } of queries) {
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) {
      throw invalidQuery(
        `The Id '${Id}' must begin with a lower case letter and hold letters, digits and _ only.`,
      );
    }
    if (ids.has(Id)) throw invalidQuery(`The Id '${Id}' is given twice.`);
    ids.add(Id);
  }
};

const metricStatOf = ({ Id, MetricStat: stat, Expression }: MetricDataQuery): MetricStat => {
  if (Expression !== undefined) {
    throw invalidQuery(
      `The query ${Id} has an Expression: metric math is not supported here, ask for its metrics.`,
    );
  }
  if (stat === undefined) throw invalidQuery(`The query ${Id} has neither MetricStat nor Expression.`);
  return stat;
};

/** In the order of time. Periods are whole multiples since the epoch. */
const resultOf = (
  query: MetricDataQuery,
  { StartTime, EndTime }: Times,
  deps: CloudWatchDeps,
  context: CallContext,
): MetricDataResult => {
  const {
    Metric: { Namespace = '', MetricName = '', Dimensions } = {},
    Period,
    Stat,
    Unit,
  } = metricStatOf(query);
  const periodMs = periodMsOf(Period);
  const read = statisticNamed(Stat);
  const name = { namespace: Namespace, name: MetricName, dimensions: dimensionsFrom(Dimensions) };
  const range = { fromMs: Math.floor(StartTime / periodMs) * periodMs, toMs: EndTime, periodMs };
  const points = statisticsByPeriod(deps.store, deps.store.find(context, name), Unit, range).flatMap(
    ([startMs, set]) => {
      const value = read(set);
      return value === undefined ? [] : [[startMs, value] as const];
    },
  );
  return {
    Id: query.Id,
    Label: query.Label ?? MetricName,
    Timestamps: points.map(([startMs]) => startMs),
    Values: points.map(([, value]) => value),
    StatusCode: 'Complete',
  };
};

const newestFirst = (result: MetricDataResult): MetricDataResult => ({
  ...result,
  Timestamps: result.Timestamps?.toReversed(),
  Values: result.Values?.toReversed(),
});

export const getMetricData: CloudWatchOperation<'GetMetricData'> = async (input, deps, context) => {
  const { MetricDataQueries: queries, StartTime, EndTime, ScanBy, MaxDatapoints, NextToken } = input;
  checkQueries(queries);
  checkRange({ fromMs: StartTime, toMs: EndTime, periodMs: 0 });
  deps.recorder.flush();
  const all = queries.map((query) => ({ query, result: resultOf(query, input, deps, context) }));
  const results = all.filter(({ query }) => query.ReturnData !== false).map(({ result }) => result);
  const ordered = ScanBy === 'TimestampAscending' ? results : results.map(newestFirst);
  const max = Math.max(1, Math.min(MaxDatapoints ?? DATAPOINTS_MAX, DATAPOINTS_MAX));
  return { ...pageOf(ordered, NextToken, max), Messages: [] };
};
