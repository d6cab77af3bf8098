import { test } from 'node:test';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

/**
 * `node packages/log-embedded/test/fuzz/<file> --runs 100000 --seed 7` runs a file longer, or again; on its own it
 * runs as often as the test says, from another seed each time, which it prints.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' } },
  strict: false,
});

const given = (value: string | boolean | undefined): number | undefined =>
  typeof value === 'string' ? Number(value) : undefined;

const SEED = given(values.seed) ?? Date.now() % 0x7fff_ffff;

/** A test of a law over arbitrary input. */
export const fuzz = <Input>(
  law: string,
  input: fc.Arbitrary<Input>,
  runs: number,
  check: (input: Input) => void | Promise<void>,
): void => {
  test(law, async (context) => {
    context.diagnostic(`--seed ${SEED}`);
    await fc.assert(
      fc.asyncProperty(input, async (value) => check(value)),
      {
        numRuns: given(values.runs) ?? runs,
        seed: SEED,
      },
    );
  });
};
