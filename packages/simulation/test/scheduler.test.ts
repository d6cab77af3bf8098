import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance, Trace } from '../src/index.ts';
import { Scheduler } from '../src/scheduler.ts';
import { SimulatedClock } from '../src/simulated-clock.ts';

const run = async (
  seed: number,
  prepare: (scheduler: Scheduler, order: string[]) => void,
): Promise<string[]> => {
  const scheduler = new Scheduler(new Chance(seed), new Trace());
  const order: string[] = [];
  prepare(scheduler, order);
  while (await scheduler.step());
  return order;
};

test('what is due at the same time happens in every order', async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const order = await run(seed, (scheduler, happened) => {
      for (const name of ['a', 'b', 'c']) scheduler.schedule(name, () => happened.push(name));
    });
    seen.add(order.join(''));
  }
  assert.equal(seen.size, 6);
});

test('time passes only when nothing is due, and then no further than it must', async () => {
  const scheduler = new Scheduler(new Chance(1), new Trace());
  const clock = new SimulatedClock(scheduler);
  const seen: number[] = [];
  clock.after(5_000, () => seen.push(clock.monotonic()));
  scheduler.schedule('now', () => seen.push(clock.monotonic()));
  while (await scheduler.step());
  assert.deepEqual(seen, [0, 5_000]);
});

test('a timer that was cancelled, or whose process is gone, does not run', async () => {
  const order = await run(1, (scheduler, happened) => {
    new SimulatedClock(scheduler).after(1, () => happened.push('cancelled')).cancel();
    scheduler.schedule('gone', () => happened.push('gone'));
    scheduler.clear();
  });
  assert.deepEqual(order, []);
});

test('between two steps, whatever can go on by itself has gone on', async () => {
  const scheduler = new Scheduler(new Chance(1), new Trace());
  let turns = 0;
  const goOn = async (): Promise<void> => {
    await scheduler.pause('once');
    for (; turns < 1_000; turns++) await Promise.resolve();
  };
  void goOn();
  await scheduler.step();
  assert.equal(turns, 1_000);
});
