import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Portion, PortionCache } from './portion-cache.ts';

const portionOf = (bytes: number, end = 10): Portion => ({ batches: [], end, bytes });

/** Says what it gives, and counts how often it was asked. */
const loader = (portion: Portion) => {
  const counts = { loads: 0 };
  const load = async (): Promise<Portion> => {
    counts.loads += 1;
    return portion;
  };
  return { load, counts };
};

test('those who want a portion that is being read wait for it, and later ones find it', async () => {
  const cache = new PortionCache(100);
  const { load, counts } = loader(portionOf(10));
  await Promise.all([cache.get('a', 0, load), cache.get('a', 5, load), cache.get('a', 9, load)]);
  await cache.get('a', 3, load);
  assert.equal(counts.loads, 1);
});

test('a portion that has grown is read once more, for all who want it', async () => {
  const cache = new PortionCache(100);
  await cache.get('a', 0, loader(portionOf(10, 10)).load);
  const grown = loader(portionOf(20, 20));
  const found = await Promise.all([cache.get('a', 15, grown.load), cache.get('a', 15, grown.load)]);
  assert.deepEqual([found.map(({ end }) => end), grown.counts.loads], [[20, 20], 1]);
});

test('what was used longest ago goes when there is too much', async () => {
  const cache = new PortionCache(100);
  const loaders = ['a', 'b', 'c'].map((key) => ({ key, ...loader(portionOf(40)) }));
  const [a, b, c] = loaders as [(typeof loaders)[0], (typeof loaders)[0], (typeof loaders)[0]];
  for (const { key, load } of [a, b, a, c]) await cache.get(key, 0, load);
  for (const { key, load } of [a, b]) await cache.get(key, 0, load);
  assert.deepEqual(
    loaders.map(({ counts }) => counts.loads),
    [1, 2, 1],
  );
});

test('a portion larger than the whole cache is given and not kept', async () => {
  const cache = new PortionCache(100);
  const { load, counts } = loader(portionOf(200));
  await cache.get('a', 0, load);
  await cache.get('a', 0, load);
  assert.equal(counts.loads, 2);
});

test('a reading that fails fails for all who wait for it, and is tried again by the next', async () => {
  const cache = new PortionCache(100);
  const fail = () => Promise.reject(new Error('broken'));
  const both = await Promise.allSettled([cache.get('a', 0, fail), cache.get('a', 0, fail)]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal((await cache.get('a', 0, loader(portionOf(1)).load)).bytes, 1);
});
