import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndOfTurn } from './end-of-turn.ts';

const aTurn = () => {
  const time = { nowMs: 0 };
  const clock = {
    now: () => time.nowMs,
    monotonic: () => time.nowMs,
    after: () => assert.fail('no timer is needed'),
  };
  return { time, turn: new EndOfTurn(clock) };
};

/** Lets all run that is ready, and the loop turn no further. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('all that wait in a turn go on at its end, in their order, and not before', async () => {
  const { turn } = aTurn();
  const gone: number[] = [];
  for (const place of [1, 2, 3]) turn.come().then(() => gone.push(place));
  await settled();
  assert.deepEqual(gone, []);
  await nextTurn();
  assert.deepEqual(gone, [1, 2, 3]);
});

test('those who have waited for long go before the work that comes, and the others stay', async () => {
  const { time, turn } = aTurn();
  const gone: string[] = [];
  turn.come().then(() => gone.push('early'));
  turn.hurry();
  await settled();
  assert.equal(gone.length, 0);
  time.nowMs = 5;
  turn.hurry();
  turn.come().then(() => gone.push('late'));
  turn.hurry();
  await settled();
  assert.deepEqual(gone, ['early']);
  await nextTurn();
  assert.deepEqual(gone, ['early', 'late']);
});

test('each turn has its own end', async () => {
  const { turn } = aTurn();
  for (let times = 0; times < 3; times += 1) await turn.come();
});
