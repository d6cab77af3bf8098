import type { Life, Scenario } from './scenario.ts';

/** Tries at making a scenario smaller. */
const TRIES_MAX = 200;

const withLife = (scenario: Scenario, index: number, change: (life: Life) => Life): Scenario => ({
  ...scenario,
  lives: scenario.lives.map((life, at) => (at === index ? change(life) : life)),
});

const without = <Item>(items: readonly Item[], index: number): Item[] =>
  items.filter((_, at) => at !== index);

const smallerLives = (life: Life): Life[] => {
  const { brokenStarts, troubles, actors, acts, endAfterSteps = 0 } = life;
  return [
    ...brokenStarts.map((_, index) => ({ ...life, brokenStarts: without(brokenStarts, index) })),
    ...troubles.map((_, index) => ({ ...life, troubles: without(troubles, index) })),
    ...(life.slowness > 1 ? [{ ...life, slowness: 1 }] : []),
    ...(actors > 1 ? [{ ...life, actors: actors - 1 }] : []),
    ...(acts > 1 ? [{ ...life, acts: Math.ceil(acts / 2) }] : []),
    ...(endAfterSteps > 1 ? [{ ...life, endAfterSteps: Math.floor(endAfterSteps / 2) }] : []),
  ];
};

/** All that is one step smaller, the greatest steps first. */
const smaller = (scenario: Scenario): Scenario[] => {
  const { lives } = scenario;
  return [
    ...lives.map((_, index) => ({ ...scenario, lives: without(lives, index) })),
    ...(scenario.damage === 'none' ? [] : [{ ...scenario, damage: 'none' as const }]),
    ...(scenario.isEncrypted ? [{ ...scenario, isEncrypted: false }] : []),
    ...(scenario.reusesNames ? [{ ...scenario, reusesNames: false }] : []),
    ...lives.flatMap((life, index) =>
      smallerLives(life).map((each) => withLife(scenario, index, () => each)),
    ),
  ];
};

/** A smaller scenario that still fails, as far as some tries get. */
export const shrink = async (
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
): Promise<Scenario> => {
  let least = scenario;
  let tries = 0;
  for (let candidates = smaller(least); candidates.length > 0 && tries < TRIES_MAX; tries++) {
    const [candidate, ...rest] = candidates;
    if (candidate === undefined) break;
    const isSmaller = await fails(candidate);
    if (isSmaller) least = candidate;
    candidates = isSmaller ? smaller(candidate) : rest;
  }
  return least;
};
