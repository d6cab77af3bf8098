import type { MetricDatum, StandardUnit } from '@millrace/aws-model/cloudwatch';
import type { CallContext } from '@millrace/aws-protocol';
import { StatisticSet } from '../../store/statistic-set.ts';
import type { CloudWatchDeps, CloudWatchOperation } from '../deps.ts';
import { dimensionsFrom } from '../dimensions.ts';
import { invalidCombination, invalidValue, missingParameter, tooManyMetrics } from '../errors.ts';

/** Metrics of one call, and different values of one of them (AWS's documentation of the operation). */
const DATA_MAX = 1_000;
const VALUES_MAX = 150;
const PAST_MS_MAX = 14 * 86_400_000;
const FUTURE_MS_MAX = 2 * 3_600_000;
/** Values lie within ±2³⁶⁰; those of JavaScript reach further. */
const VALUE_MAX = 2 ** 360;

const checkNumber = (value: number, place: string): number => {
  if (Math.abs(value) <= VALUE_MAX) return value;
  throw invalidValue(`The value ${value} for the parameter ${place} is invalid.`);
};

const samplesOfValues = (values: readonly number[], counts: readonly number[], place: string) => {
  if (values.length > VALUES_MAX) {
    throw invalidValue(`The collection ${place}.Values must not have a size greater than ${VALUES_MAX}.`);
  }
  if (counts.length > 0 && counts.length !== values.length) {
    throw invalidCombination(`The parameters ${place}.Values and ${place}.Counts must be of the same size.`);
  }
  const set = new StatisticSet();
  for (const [index, value] of values.entries()) {
    const count = counts[index] ?? 1;
    if (count <= 0) throw invalidValue(`The parameter ${place}.Counts must hold numbers greater than 0.`);
    set.add(checkNumber(value, `${place}.Values`), checkNumber(count, `${place}.Counts`));
  }
  return set;
};

/** A datum has one value, statistics, or values with counts: exactly one of them. */
const samplesOf = (datum: MetricDatum, place: string): StatisticSet => {
  const { Value: value, StatisticValues: statistics, Values: values = [], Counts: counts = [] } = datum;
  const forms = [value !== undefined, statistics !== undefined, values.length > 0].filter(Boolean).length;
  if (forms === 0) throw missingParameter(`${place}.Value`);
  if (forms > 1) {
    const names = `${place}.Value, ${place}.Values and ${place}.StatisticValues`;
    throw invalidCombination(
      `The parameters ${names} are mutually exclusive and you have specified more than one.`,
    );
  }
  if (statistics === undefined) {
    return samplesOfValues(value === undefined ? values : [value], value === undefined ? counts : [], place);
  }
  const { SampleCount, Sum, Minimum, Maximum } = statistics;
  for (const number of [SampleCount, Sum, Minimum, Maximum]) checkNumber(number, `${place}.StatisticValues`);
  if (SampleCount <= 0 || Minimum > Maximum) {
    throw invalidValue(`The parameter ${place}.StatisticValues is not the statistics of any samples.`);
  }
  return StatisticSet.of(SampleCount, Sum, Minimum, Maximum);
};

const checkTime = (atMs: number, nowMs: number, place: string): void => {
  if (atMs < nowMs - PAST_MS_MAX) {
    throw invalidValue(`The parameter ${place}.Timestamp must specify a time within the past two weeks.`);
  }
  if (atMs > nowMs + FUTURE_MS_MAX) {
    throw invalidValue(
      `The parameter ${place}.Timestamp must specify a time no more than two hours in the future.`,
    );
  }
};

const DEFAULT_UNIT: StandardUnit = 'None';

/** What a datum says, checked: nothing of a call is taken in before all of it has been. */
const taken = (datum: MetricDatum, namespace: string, place: string, nowMs: number) => {
  const atMs = datum.Timestamp ?? nowMs;
  checkTime(atMs, nowMs, place);
  return {
    name: { namespace, name: datum.MetricName, dimensions: dimensionsFrom(datum.Dimensions) },
    unit: datum.Unit ?? DEFAULT_UNIT,
    atMs,
    samples: samplesOf(datum, place),
  };
};

const store = (
  data: readonly ReturnType<typeof taken>[],
  deps: CloudWatchDeps,
  context: CallContext,
): void => {
  for (const { name, unit, atMs, samples } of data) {
    if (!deps.store.add(context, name, unit, atMs, samples)) throw tooManyMetrics();
  }
};

/** Entities only link metrics to AWS resources: their metrics are taken in, what they are linked to is not kept. */
export const putMetricData: CloudWatchOperation<'PutMetricData'> = async (input, deps, context) => {
  const { Namespace: namespace, MetricData = [], EntityMetricData = [] } = input;
  if (namespace.startsWith('AWS/')) {
    throw invalidValue(
      `The value ${namespace} for the parameter Namespace must not start with AWS/: these are the server's own.`,
    );
  }
  const data = [...MetricData, ...EntityMetricData.flatMap((entity) => entity.MetricData ?? [])];
  if (data.length === 0) throw missingParameter('MetricData');
  if (data.length > DATA_MAX) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${DATA_MAX}.`);
  }
  const nowMs = deps.clock.now();
  store(
    data.map((datum, index) => taken(datum, namespace, `MetricData.member.${index + 1}`, nowMs)),
    deps,
    context,
  );
};
