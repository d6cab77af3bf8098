import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Simulation } from './simulation.ts';

const SEEDS = Number(process.env.SEEDS ?? 150);
const FIRST = Number(process.env.FIRST ?? 1);
const REPLAY = process.env.SEED;
const TRACE_LINES = 60;

const play = async (seed: number): Promise<Simulation> => {
  const simulation = new Simulation(seed);
  try {
    await simulation.run();
  } catch (error) {
    const tail = REPLAY === undefined ? simulation.trace.slice(-TRACE_LINES) : simulation.trace;
    const replay = `SEED=${seed} node --test packages/consumer/test/simulation.test.ts`;
    throw new Error(`${tail.join('\n')}\n\nseed ${seed}; to see it again: ${replay}`, { cause: error });
  }
  return simulation;
};

test('workers that stand still, die, join and lose answers skip nothing, and only owners get on', async () => {
  if (REPLAY !== undefined) return void (await play(Number(REPLAY)));
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) await play(seed);
});

test('the same seed does the same', async () => {
  const [once, again] = [await play(7), await play(7)];
  assert(once.trace.length > 100);
  assert.deepEqual(once.trace, again.trace);
});
