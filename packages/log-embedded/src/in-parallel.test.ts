import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inParallel } from './in-parallel.ts';

test('every item is worked on once, no more than so many at a time', async () => {
  const seen: number[] = [];
  let atOnce = 0;
  let atOnceMax = 0;
  await inParallel(Array.from({ length: 20 }, (_, item) => item).values(), 3, async (item) => {
    atOnceMax = Math.max(atOnceMax, ++atOnce);
    await Promise.resolve();
    seen.push(item);
    atOnce -= 1;
  });
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, item) => item),
  );
  assert.equal(atOnceMax, 3);
});

test('when one fails, those under way end before the failure is told, and no more begin', async () => {
  const begun: number[] = [];
  let ended = 0;
  const work = inParallel([0, 1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('broken');
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    ended += 1;
  });
  await assert.rejects(work, /broken/);
  assert.deepEqual([begun, ended], [[0, 1], 1]);
});
