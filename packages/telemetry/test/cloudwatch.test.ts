import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricDatum } from '@millrace/aws-model/cloudwatch';
import { anIdentity, aTelemetry, awsError, HOUR_MS, MINUTE_MS, NOON_MS } from './a-telemetry.ts';

const RANGE = { StartTime: NOON_MS - HOUR_MS, EndTime: NOON_MS + HOUR_MS };
const INVALID = awsError('InvalidParameterValueException');
const COMBINATION = awsError('InvalidParameterCombinationException');

type World = Awaited<ReturnType<typeof aTelemetry>>;

const put = ({ call }: World, ...data: MetricDatum[]) =>
  call('PutMetricData', { Namespace: 'App', MetricData: data });

const statistics = ({ call }: World, rest: object = {}) =>
  call('GetMetricStatistics', {
    Namespace: 'App',
    MetricName: 'm',
    ...RANGE,
    Period: 60,
    Statistics: ['Sum'],
    ...rest,
  });

describe('PutMetricData', () => {
  test('takes a value, values with counts, or statistics', async () => {
    const world = await aTelemetry();
    await put(
      world,
      { MetricName: 'm', Value: 2 },
      { MetricName: 'm', Values: [1, 10], Counts: [3, 1] },
      { MetricName: 'm', StatisticValues: { SampleCount: 2, Sum: 7, Minimum: 3, Maximum: 4 } },
    );
    const wanted = ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'] as const;
    const { Datapoints } = await statistics(world, { Statistics: wanted });
    assert.deepEqual(Datapoints, [
      { Timestamp: NOON_MS, Unit: 'None', SampleCount: 7, Sum: 22, Minimum: 1, Maximum: 10, Average: 22 / 7 },
    ]);
  });

  test('takes in nothing of a call that has a mistake', async () => {
    const world = await aTelemetry();
    await assert.rejects(put(world, { MetricName: 'm', Value: 1 }, { MetricName: 'm' }), {
      code: 'MissingRequiredParameterException',
    });
    assert.deepEqual((await statistics(world)).Datapoints, []);
  });

  for (const [what, datum, error] of [
    ['both a value and values', { Value: 1, Values: [1] }, COMBINATION],
    ['fewer counts than values', { Values: [1, 2], Counts: [1] }, COMBINATION],
    ['a count of nothing', { Values: [1], Counts: [0] }, INVALID],
    ['151 values', { Values: Array.from({ length: 151 }, () => 1) }, INVALID],
    ['a value beyond all bounds', { Value: 1e300 }, INVALID],
    ['a time two weeks ago', { Value: 1, Timestamp: NOON_MS - 15 * 24 * HOUR_MS }, INVALID],
    ['a time three hours ahead', { Value: 1, Timestamp: NOON_MS + 3 * HOUR_MS }, INVALID],
    [
      'statistics of nothing',
      { StatisticValues: { SampleCount: 0, Sum: 0, Minimum: 0, Maximum: 0 } },
      INVALID,
    ],
  ] as const) {
    test(`refuses ${what}`, async () => {
      await assert.rejects(put(await aTelemetry(), { MetricName: 'm', ...datum }), error);
    });
  }

  test("refuses the server's own namespaces", async () => {
    const { call } = await aTelemetry();
    const MetricData = [{ MetricName: 'm', Value: 1 }];
    await assert.rejects(call('PutMetricData', { Namespace: 'AWS/Kinesis', MetricData }), INVALID);
  });

  test('refuses a call without data, and one with more than a thousand', async () => {
    const world = await aTelemetry();
    await assert.rejects(put(world), awsError('MissingRequiredParameterException'));
    await assert.rejects(
      put(world, ...Array.from({ length: 1_001 }, () => ({ MetricName: 'm', Value: 1 }))),
      INVALID,
    );
  });

  test('takes the metrics of entities', async () => {
    const world = await aTelemetry();
    const MetricData = [{ MetricName: 'm', Value: 4 }];
    await world.call('PutMetricData', { Namespace: 'App', EntityMetricData: [{ MetricData }] });
    assert.equal((await statistics(world)).Datapoints?.[0]?.Sum, 4);
  });

  test('says so when there is no room for another metric', async () => {
    const world = await aTelemetry({ metricsMax: 1 });
    await put(world, { MetricName: 'm', Value: 1 });
    await assert.rejects(put(world, { MetricName: 'n', Value: 1 }), awsError('LimitExceededException'));
  });
});

describe('GetMetricStatistics', () => {
  test('gathers by period from the start on, and leaves out what has no data', async () => {
    const world = await aTelemetry();
    for (const minute of [0, 4, 5, 12]) {
      await put(world, {
        MetricName: 'm',
        Value: 1,
        Timestamp: NOON_MS - 20 * MINUTE_MS + minute * MINUTE_MS,
      });
    }
    const StartTime = NOON_MS - 20 * MINUTE_MS;
    const { Datapoints } = await statistics(world, { StartTime, Period: 300 });
    assert.deepEqual(
      Datapoints?.map(({ Timestamp = 0, Sum }) => [(Timestamp - StartTime) / MINUTE_MS, Sum]),
      [
        [0, 2],
        [5, 1],
        [10, 1],
      ],
    );
  });

  test('keeps units apart', async () => {
    const world = await aTelemetry();
    await put(
      world,
      { MetricName: 'm', Value: 1, Unit: 'Bytes' },
      { MetricName: 'm', Value: 2, Unit: 'Count' },
    );
    const { Datapoints } = await statistics(world);
    assert.deepEqual(Datapoints?.map(({ Unit, Sum }) => [Unit, Sum]).sort(), [
      ['Bytes', 1],
      ['Count', 2],
    ]);
    const bytes = await statistics(world, { Unit: 'Bytes' });
    assert.deepEqual(
      bytes.Datapoints?.map(({ Sum }) => Sum),
      [1],
    );
  });

  test('tells percentiles where they can be told', async () => {
    const world = await aTelemetry();
    await put(world, { MetricName: 'm', Values: [1, 100], Counts: [99, 1] });
    const ask = { Statistics: undefined, ExtendedStatistics: ['p50', 'p100'] };
    const [point] = (await statistics(world, ask)).Datapoints ?? [];
    assert.deepEqual(point?.ExtendedStatistics, { p50: 1, p100: 100 });
    await put(world, { MetricName: 'm', Value: -1 });
    const [negative] = (await statistics(world, ask)).Datapoints ?? [];
    assert.deepEqual(negative?.ExtendedStatistics, {});
  });

  for (const [what, rest, error] of [
    ['no statistics', { Statistics: undefined }, COMBINATION],
    ['both kinds of statistics', { ExtendedStatistics: ['p50'] }, COMBINATION],
    ['a trimmed mean', { Statistics: undefined, ExtendedStatistics: ['tm99'] }, INVALID],
    ['a percentile above 100', { Statistics: undefined, ExtendedStatistics: ['p101'] }, INVALID],
    [
      'the name of what every object has',
      { Statistics: undefined, ExtendedStatistics: ['toString'] },
      INVALID,
    ],
    ['a period of 61 seconds', { Period: 61 }, INVALID],
    ['an end before the start', { EndTime: NOON_MS - 2 * HOUR_MS }, INVALID],
    ['more datapoints than fit', { StartTime: NOON_MS - 25 * HOUR_MS }, COMBINATION],
  ] as const) {
    test(`refuses ${what}`, async () => {
      await assert.rejects(statistics(await aTelemetry(), rest), error);
    });
  }
});

const query = (Id: string, MetricName = 'm', Stat = 'Sum') => ({
  Id,
  MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat },
});

describe('GetMetricData', () => {
  test('answers what the server itself reported, up to now', async () => {
    const world = await aTelemetry();
    world.meter.measure(anIdentity()).observe(12);
    const Metric = {
      Namespace: 'AWS/Kinesis',
      MetricName: 'IncomingBytes',
      Dimensions: [{ Name: 'StreamName', Value: 'orders' }],
    };
    const MetricDataQueries = [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }];
    const { MetricDataResults } = await world.call('GetMetricData', { ...RANGE, MetricDataQueries });
    assert.deepEqual(MetricDataResults, [
      { Id: 'a', Label: 'IncomingBytes', Timestamps: [NOON_MS], Values: [12], StatusCode: 'Complete' },
    ]);
  });

  const threeMinutes = async () => {
    const world = await aTelemetry();
    for (const minute of [1, 2, 3]) {
      await put(world, { MetricName: 'm', Value: minute, Timestamp: NOON_MS - minute * MINUTE_MS });
    }
    return world;
  };

  test('gives the newest first unless asked otherwise', async () => {
    const { call } = await threeMinutes();
    const values = async (rest: object) => {
      const answer = await call('GetMetricData', { ...RANGE, MetricDataQueries: [query('a')], ...rest });
      return answer.MetricDataResults?.[0]?.Values;
    };
    assert.deepEqual(await values({}), [1, 2, 3]);
    assert.deepEqual(await values({ ScanBy: 'TimestampAscending' }), [3, 2, 1]);
  });

  test('paging covers every datapoint of every query once', async () => {
    const { call } = await threeMinutes();
    const MetricDataQueries = [query('a'), query('none', 'never reported'), query('b')];
    const seen: unknown[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await call('GetMetricData', { ...RANGE, MetricDataQueries, MaxDatapoints: 2, NextToken });
      for (const { Id, Values = [] } of page.MetricDataResults ?? []) {
        for (const value of Values) seen.push([Id, value]);
      }
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken !== undefined);
    assert.equal(pages, 3);
    assert.deepEqual(
      seen,
      ['a', 'b'].flatMap((id) => [1, 2, 3].map((value) => [id, value])),
    );
  });

  test('a query whose data nobody wants is left out', async () => {
    const { call } = await aTelemetry();
    const MetricDataQueries = [{ ...query('a'), ReturnData: false }, query('b')];
    const { MetricDataResults } = await call('GetMetricData', { ...RANGE, MetricDataQueries });
    assert.deepEqual(
      MetricDataResults?.map(({ Id }) => Id),
      ['b'],
    );
  });

  for (const [what, queries, code] of [
    ['an expression', [{ Id: 'a', Expression: 'SUM(METRICS())' }], 'ValidationException'],
    ['a query of nothing', [{ Id: 'a' }], 'ValidationException'],
    ['one id twice', [query('a'), query('a')], 'ValidationException'],
    ['an id in upper case', [query('A')], 'ValidationException'],
    ['no query', [], 'MissingRequiredParameterException'],
    ['501 queries', Array.from({ length: 501 }, (_, index) => query(`q${index}`)), 'ValidationException'],
  ] as const) {
    test(`refuses ${what}`, async () => {
      const { call } = await aTelemetry();
      await assert.rejects(call('GetMetricData', { ...RANGE, MetricDataQueries: queries }), awsError(code));
    });
  }

  test('refuses a token that it did not give', async () => {
    const { call } = await aTelemetry();
    const input = { ...RANGE, MetricDataQueries: [query('a')], NextToken: 'mine' };
    await assert.rejects(call('GetMetricData', input), awsError('InvalidNextToken'));
  });
});

describe('ListMetrics', () => {
  const names = async ({ call }: World, input: object = {}) =>
    (await call('ListMetrics', input)).Metrics?.map(({ MetricName }) => MetricName);

  const dimension = (Name: string, Value: string) => ({ Dimensions: [{ Name, Value }] });

  test('finds by namespace, name and dimensions', async () => {
    const world = await aTelemetry();
    await put(
      world,
      { MetricName: 'b', Value: 1, ...dimension('Op', 'get') },
      { MetricName: 'a', Value: 1, ...dimension('Op', 'put') },
      { MetricName: 'c', Value: 1 },
    );
    world.meter.measure(anIdentity()).observe(1);
    assert.deepEqual(await names(world), ['IncomingBytes', 'a', 'b', 'c']);
    assert.deepEqual(await names(world, { Namespace: 'App' }), ['a', 'b', 'c']);
    assert.deepEqual(await names(world, { MetricName: 'c' }), ['c']);
    assert.deepEqual(await names(world, { Dimensions: [{ Name: 'Op' }] }), ['a', 'b']);
    assert.deepEqual(await names(world, dimension('Op', 'put')), ['a']);
    assert.deepEqual(await names(world, dimension('Op', 'no')), []);
  });

  test('leaves out what has been silent for three hours, if asked', async () => {
    const world = await aTelemetry();
    await put(world, { MetricName: 'old', Value: 1 });
    world.clock.advance(3 * HOUR_MS + MINUTE_MS);
    await put(world, { MetricName: 'new', Value: 1 });
    assert.deepEqual(await names(world, { RecentlyActive: 'PT3H' }), ['new']);
  });

  test('paging covers every metric once', async () => {
    const world = await aTelemetry();
    const data = Array.from({ length: 1_000 }, (_, index) => ({ MetricName: `m${index}`, Value: 1 }));
    await put(world, ...data);
    const first = await world.call('ListMetrics', {});
    const second = await world.call('ListMetrics', { NextToken: first.NextToken });
    assert.deepEqual(
      [first.Metrics?.length, second.Metrics?.length, second.NextToken],
      [500, 500, undefined],
    );
    const all = [...(first.Metrics ?? []), ...(second.Metrics ?? [])];
    assert.equal(new Set(all.map(({ MetricName }) => MetricName)).size, 1_000);
  });

  test('refuses a token that it did not give', async () => {
    await assert.rejects(names(await aTelemetry(), { NextToken: '!!' }), INVALID);
  });

  test("shows nothing of another account's", async () => {
    const world = await aTelemetry();
    await put(world, { MetricName: 'm', Value: 1 });
    assert.deepEqual((await world.callAs('999999999999')('ListMetrics', {})).Metrics, []);
  });
});
