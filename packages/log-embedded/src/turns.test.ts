import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@millrace/log/conformance';
import { Turns } from './turns.ts';

const LIMITS = { noun: 'reads', bytesMax: 100, waitingMax: 3, waitingBytesMax: 1_000, waitMs: 1000 };

/** A read that goes on until it is told to end. */
const heldRead = (turns: Turns, bytes: number) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const beginning = Promise.withResolvers<void>();
  const state = { began: false };
  const done = turns.run(bytes, () => {
    state.began = true;
    beginning.resolve();
    return promise;
  });
  return { state, beginning: beginning.promise, done, end: resolve };
};

test('reads of no more than the bound run at once, the others in the order in which they came', async () => {
  const turns = new Turns(new ManualClock(), LIMITS);
  const reads = [60, 60, 30, 40].map((bytes) => heldRead(turns, bytes));
  const began = () => reads.map(({ state }) => state.began);
  // The third would fit, but nobody overtakes.
  assert.deepEqual(began(), [true, false, false, false]);
  reads[0]?.end();
  await reads[2]?.beginning;
  assert.deepEqual(began(), [true, true, true, false]);
  for (const { end } of reads) end();
  await Promise.all(reads.map(({ done }) => done));
  assert.deepEqual(began(), [true, true, true, true]);
});

test('a read that asks for more than the bound has the turn to itself', async () => {
  const turns = new Turns(new ManualClock(), LIMITS);
  const large = heldRead(turns, 10_000);
  const small = heldRead(turns, 1);
  assert.deepEqual([large.state.began, small.state.began], [true, false]);
  large.end();
  small.end();
  await Promise.all([large.done, small.done]);
});

test('a read that has waited too long is refused, and those behind it go on', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock, LIMITS);
  const first = heldRead(turns, 60);
  const late = heldRead(turns, 100);
  clock.advance(500);
  const next = heldRead(turns, 40);
  clock.advance(500);
  await assert.rejects(late.done, { code: 'overloaded' });
  await next.beginning;
  assert.equal(late.state.began, false);
  first.end();
  next.end();
  await Promise.all([first.done, next.done]);
});

test('more reads than may wait are refused at once; a failed read gives its turn back', async () => {
  const turns = new Turns(new ManualClock(), LIMITS);
  const first = heldRead(turns, 100);
  const waiting = [1, 2, 3].map((bytes) => heldRead(turns, bytes));
  await assert.rejects(heldRead(turns, 1).done, { code: 'overloaded' });
  first.end();
  for (const { end } of waiting) end();
  await Promise.all(waiting.map(({ done }) => done));
  await assert.rejects(
    turns.run(100, () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(await turns.run(100, async () => 'read'), 'read');
});

test('what waits is bounded by its bytes too', async () => {
  const turns = new Turns(new ManualClock(), { ...LIMITS, waitingBytesMax: 50 });
  const first = heldRead(turns, 100);
  const waiting = heldRead(turns, 50);
  await assert.rejects(heldRead(turns, 1).done, { code: 'overloaded' });
  first.end();
  waiting.end();
  await Promise.all([first.done, waiting.done]);
});

test('nobody gets ahead of one whose turn has come', async () => {
  const turns = new Turns(new ManualClock(), LIMITS);
  const order: string[] = [];
  const work = (name: string) => async () => void order.push(name);
  const first = turns.run(100, () => Promise.resolve());
  const second = turns.run(60, work('second'));
  // In the very turn of the event loop in which the first gives its bytes back.
  const third = first.then(() => turns.run(40, work('third')));
  await Promise.all([second, third]);
  assert.deepEqual(order, ['second', 'third']);
});
