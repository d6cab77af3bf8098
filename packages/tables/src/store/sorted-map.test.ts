import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SortedMap } from './sorted-map.ts';

const key = fc.integer({ min: 0, max: 4_000 }).map((number) => String(number).padStart(4, '0'));

type Step = { readonly put: boolean; readonly key: string };

/** A plain map, sorted whenever it is looked at. */
const after = (steps: readonly Step[]) => {
  const [map, naive] = [new SortedMap<number>(), new Map<string, number>()];
  for (const [index, step] of steps.entries()) {
    if (step.put) {
      map.set(step.key, index);
      naive.set(step.key, index);
    } else {
      map.delete(step.key);
      naive.delete(step.key);
    }
  }
  return { map, sorted: [...naive].sort(([a], [b]) => (a < b ? -1 : 1)), naive };
};

const lives = fc.array(fc.record({ put: fc.boolean(), key }), { maxLength: 300 });
const LOW = '';
const HIGH = '~';

test('it holds what a plain map holds, in order', () => {
  fc.assert(
    fc.property(lives, (steps) => {
      const { map, sorted, naive } = after(steps);
      assert.equal(map.size, sorted.length);
      assert.deepEqual([...map.forward(LOW, HIGH)], sorted);
      assert.deepEqual([...map.backward(LOW, HIGH)], sorted.toReversed());
      for (const step of steps) assert.equal(map.get(step.key), naive.get(step.key));
    }),
  );
});

test('a range has its low end and not its high end, from either side', () => {
  fc.assert(
    fc.property(lives, key, key, (steps, low, high) => {
      const { map, sorted } = after(steps);
      const within = sorted.filter(([name]) => name >= low && name < high);
      assert.deepEqual([...map.forward(low, high)], within);
      assert.deepEqual([...map.backward(low, high)], within.toReversed());
    }),
  );
});

test('many keys that come in a bad order are kept in order, and all go again', () => {
  const map = new SortedMap<number>();
  const numbers = Array.from({ length: 10_000 }, (_, index) => (index * 7_919) % 10_000);
  const name = (number: number) => String(number).padStart(5, '0');
  for (const number of numbers) map.set(name(number), number);
  assert.deepEqual(
    [...map.forward(LOW, HIGH)].map(([, value]) => value),
    Array.from({ length: 10_000 }, (_, index) => index),
  );
  for (const number of numbers.toReversed()) map.delete(name(number));
  assert.equal(map.size, 0);
  assert.deepEqual([...map.backward(LOW, HIGH)], []);
  map.set('00001', 1);
  assert.deepEqual([...map.forward(LOW, HIGH)], [['00001', 1]]);
});
