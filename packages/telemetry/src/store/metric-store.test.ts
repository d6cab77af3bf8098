import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@millrace/log/conformance';
import { HOUR_MS, MINUTE_MS, NOON_MS, SCOPE } from '../../test/a-telemetry.ts';
import { MetricStore, type MetricStoreOptions } from './metric-store.ts';
import { StatisticSet } from './statistic-set.ts';

const named = (name: string) => ({ namespace: 'App', name, dimensions: [] });

const aStore = (options: Partial<MetricStoreOptions> = {}) => {
  const clock = new ManualClock(NOON_MS);
  const store = new MetricStore({ clock, ...options });
  const add = (name: string, atMs: number, value = 1) =>
    store.add(SCOPE, named(name), 'None', atMs, StatisticSet.of(1, value, value, value));
  const points = (name: string, fromMs = 0, toMs = Number.POSITIVE_INFINITY) => {
    const series = store.find(SCOPE, named(name))?.byUnit.get('None');
    if (series === undefined) return [];
    return [...store.points(series, fromMs, toMs)]
      .map(({ startMs, set }) => [startMs, set.sum] as const)
      .sort(([a], [b]) => a - b);
  };
  return { clock, store, add, points };
};

test('samples of one minute are one point', () => {
  const { add, points } = aStore();
  add('m', NOON_MS, 1);
  add('m', NOON_MS + MINUTE_MS - 1, 2);
  add('m', NOON_MS + MINUTE_MS, 4);
  assert.deepEqual(points('m'), [
    [NOON_MS, 3],
    [NOON_MS + MINUTE_MS, 4],
  ]);
});

test('every sample of fifteen days is told once, in minutes, then in five, then in hours', () => {
  const { clock, store, add, points } = aStore();
  const count = 14 * 24 * 12;
  for (let index = 0; index < count; index++) {
    add('m', clock.now());
    clock.advance(5 * MINUTE_MS);
    if (index % 100 === 0) store.trim();
  }
  const told = points('m');
  assert.equal(
    told.reduce((sum, [, value]) => sum + value, 0),
    count,
  );
  const ages = told.map(([startMs]) => clock.now() - startMs);
  assert.equal(
    told.filter(([, value]) => value === 12).length,
    ages.filter((age) => age > 24 * HOUR_MS).length,
  );
});

test('what is older than fifteen days is forgotten, and its metric with it', () => {
  const { clock, store, add } = aStore();
  add('m', clock.now());
  clock.advance(16 * 24 * HOUR_MS);
  store.trim();
  assert.deepEqual(store.list(SCOPE), []);
  assert.equal(store.pointCount, 0);
});

test('too many points cost the finest and oldest first', () => {
  const { clock, store, add, points } = aStore({ pointsMax: 400 });
  for (let minute = 0; minute < 24 * 60; minute++) {
    add('m', clock.now());
    clock.advance(MINUTE_MS);
  }
  assert.ok(store.pointCount <= 440, String(store.pointCount));
  const told = points('m');
  assert.equal(
    told.reduce((sum, [, value]) => sum + value, 0),
    24 * 60,
  );
  assert.equal(told.at(-1)?.[0], clock.now() - MINUTE_MS);
});

test('one metric more than there is room for is not taken, and those that are known still are', () => {
  const { add, store } = aStore({ metricsMax: 2 });
  assert.deepEqual(
    [add('a', NOON_MS), add('b', NOON_MS), add('c', NOON_MS), add('a', NOON_MS)],
    [true, true, false, true],
  );
  assert.equal(store.list(SCOPE).length, 2);
});

test('the order of dimensions makes no other metric', () => {
  const { store } = aStore();
  const dimensions = [
    ['a', '1'],
    ['b', '2'],
  ] as const;
  const set = StatisticSet.of(1, 1, 1, 1);
  store.add(SCOPE, { namespace: 'App', name: 'm', dimensions }, 'None', NOON_MS, set);
  store.add(
    SCOPE,
    { namespace: 'App', name: 'm', dimensions: dimensions.toReversed() },
    'None',
    NOON_MS,
    set,
  );
  assert.equal(store.list(SCOPE).length, 1);
});

test('accounts and regions do not see each other', () => {
  const { store, add } = aStore();
  add('m', NOON_MS);
  assert.equal(store.find({ ...SCOPE, region: 'us-east-1' }, named('m')), undefined);
});
