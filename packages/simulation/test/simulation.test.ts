import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, type Scenario, scenarioOf, shrink, simulate, Trace } from '../src/index.ts';

/** Some ten seconds of one core. More, and other ones, by hand: `npm run simulate -- --endless`. */
const SEEDS = 1_500;
const SEEDS_TWICE = 60;

const play = async (scenario: Scenario): Promise<Outcome & { readonly trace: Trace }> => {
  const trace = new Trace();
  return { ...(await simulate(scenario, trace)), trace };
};

test('every law holds through every crash and every fault', async (t) => {
  const startedMs = performance.now();
  let steps = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcome = await play(scenarioOf(seed));
    steps += outcome.steps;
    const { violation, trace } = outcome;
    if (violation === undefined) continue;
    assert.fail(`${trace.tail.join('\n')}\n${violation.stack}\n\nnpm run simulate -- --seed ${seed}`);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  t.diagnostic(`${SEEDS} seeds, ${steps} steps, ${Math.round(SEEDS / seconds)} seeds/s`);
});

test('a seed does the same to the byte whenever it runs', async () => {
  for (let seed = 1; seed <= SEEDS_TWICE; seed++) {
    const [first, second] = [await play(scenarioOf(seed)), await play(scenarioOf(seed))];
    assert.equal(first.trace.checksum, second.trace.checksum, `seed ${seed}`);
    assert.equal(first.steps, second.steps);
    assert.ok(first.steps > 0);
  }
});

test('a scenario survives being printed and read', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const scenario = scenarioOf(seed);
    assert.deepEqual(JSON.parse(JSON.stringify(scenario)), scenario);
  }
});

test('a failure is made smaller as long as it stays one', async () => {
  const scenario = scenarioOf(4);
  const actsOf = ({ lives }: Scenario): number =>
    lives.reduce((sum, { actors, acts }) => sum + actors * acts, 0);
  const least = await shrink(scenario, async (smaller) => actsOf(smaller) >= 2);
  assert.ok(
    actsOf(scenario) > 4 && [2, 3].includes(actsOf(least)),
    `${actsOf(scenario)} to ${actsOf(least)}`,
  );
});
