import type { DimensionFilter, ListMetricsInput } from '@millrace/aws-model/cloudwatch';
import type { Metric } from '../../store/metric.ts';
import type { CloudWatchOperation } from '../deps.ts';
import { dimensionAnswers } from '../dimensions.ts';
import { invalidValue } from '../errors.ts';

/** Of one page (API documentation). */
const METRICS_MAX = 500;
const RECENT_MS = 3 * 3_600_000;

const hasDimension =
  (metric: Metric) =>
  ({ Name, Value }: DimensionFilter): boolean =>
    metric.dimensions.some(([name, value]) => name === Name && (Value === undefined || value === Value));

const isWanted = (metric: Metric, input: ListMetricsInput, nowMs: number): boolean => {
  const { Namespace, MetricName, Dimensions = [], RecentlyActive } = input;
  if (Namespace !== undefined && Namespace !== metric.namespace) return false;
  if (MetricName !== undefined && MetricName !== metric.name) return false;
  if (RecentlyActive !== undefined && metric.lastAtMs < nowMs - RECENT_MS) return false;
  return Dimensions.every(hasDimension(metric));
};

const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');

const keyIn = (token: string): string => {
  const key = Buffer.from(token, 'base64url').toString();
  if (tokenOf(key) !== token || token === '') throw invalidValue('The NextToken is not valid.');
  return key;
};

/** By namespace, then name; a page goes on after the last metric of the one before. */
export const listMetrics: CloudWatchOperation<'ListMetrics'> = async (input, deps, context) => {
  const after = input.NextToken === undefined ? '' : keyIn(input.NextToken);
  deps.recorder.flush();
  const nowMs = deps.clock.now();
  const rest = deps.store
    .list(context)
    .filter(([key, metric]) => key > after && isWanted(metric, input, nowMs));
  const page = rest.slice(0, METRICS_MAX);
  const last = page.at(-1);
  return {
    Metrics: page.map(([, { namespace, name, dimensions }]) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensionAnswers(dimensions),
    })),
    NextToken: rest.length > page.length && last !== undefined ? tokenOf(last[0]) : undefined,
    OwningAccounts: input.IncludeLinkedAccounts === true ? page.map(() => context.account) : undefined,
  };
};
