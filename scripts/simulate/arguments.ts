import { parseArgs } from 'node:util';

export const USAGE = `npm run simulate -- [options]

  --seed N        one seed
  --seeds N       so many seeds (1000), --from N the first of them (1)
  --endless       until one fails
  --trace         tells everything that happens
  --scenario JSON what a failure printed, made smaller
  --plant NAME    with a bug in the engine; see packages/simulation/src/plants.ts
`;

export interface SimulateArguments {
  readonly from: number;
  readonly count: number;
  readonly isTraced: boolean;
  readonly scenario: string | undefined;
  readonly plant: string | undefined;
}

const SEEDS = 1000;

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`--${name} takes a whole number, not '${text}'`);
  return value;
};

/** `anySeed` is where an endless run begins. */
export const parseArguments = (args: readonly string[], anySeed: () => number): SimulateArguments => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      from: { type: 'string' },
      endless: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      scenario: { type: 'string' },
      plant: { type: 'string' },
    },
  });
  const { seed, seeds = String(SEEDS), endless, trace, scenario, plant } = values;
  const from = seed ?? values.from;
  const count = seed === undefined ? wholeNumber('seeds', seeds) : 1;
  return {
    from:
      from === undefined
        ? endless
          ? anySeed()
          : 1
        : wholeNumber(seed === undefined ? 'from' : 'seed', from),
    count: endless ? Number.POSITIVE_INFINITY : count,
    isTraced: trace,
    scenario,
    plant,
  };
};
