import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StatisticSet } from './statistic-set.ts';

const setOf = (values: readonly number[]): StatisticSet => {
  const set = new StatisticSet();
  for (const value of values) set.add(value);
  return set;
};

const value = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const values = fc.array(value, { minLength: 1, maxLength: 50 });

test('a set knows how many there were, their sum and their bounds', () => {
  const { sampleCount, sum, minimum, maximum } = setOf([3, -1, 4]);
  assert.deepEqual([sampleCount, sum, minimum, maximum], [3, 6, -1, 4]);
});

test('a percentile is right to two per cent', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 1, max: 100, noNaN: true }), (all, percent) => {
      const sorted = all.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil((percent / 100) * all.length - 1e-9) - 1)] ?? 0;
      const told = setOf(all).percentile(percent) ?? Number.NaN;
      assert.ok(Math.abs(told - exact) <= exact * 0.021, `${told} for ${exact}`);
    }),
  );
});

test('merged sets are the set of all samples', () => {
  fc.assert(
    fc.property(values, values, (some, others) => {
      const merged = setOf(some);
      merged.merge(setOf(others));
      const all = setOf([...some, ...others]);
      assert.equal(merged.sampleCount, all.sampleCount);
      assert.ok(Math.abs(merged.sum - all.sum) <= 1e-9 * all.sum);
      assert.deepEqual([merged.minimum, merged.maximum], [all.minimum, all.maximum]);
      assert.equal(merged.percentile(90), all.percentile(90));
    }),
  );
});

test('no percentile can be told of negative samples', () => {
  assert.equal(setOf([1, -1]).percentile(50), undefined);
});

test('no percentile can be told of statistics alone, nor of what they are merged with', () => {
  const statistics = StatisticSet.of(4, 10, 1, 5);
  assert.equal(statistics.percentile(50), undefined);
  const merged = setOf([1]);
  merged.merge(statistics);
  assert.equal(merged.percentile(50), undefined);
  assert.equal(merged.sampleCount, 5);
});

test('statistics of equal samples still tell percentiles', () => {
  assert.equal(StatisticSet.of(3, 21, 7, 7).percentile(99), 7);
});

test('zero is a value like any other', () => {
  assert.equal(setOf([0, 0, 8]).percentile(50), 0);
});
