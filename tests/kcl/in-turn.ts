import type { TestContext } from 'node:test';

export type Law = (sentence: string, check: () => Promise<void> | void) => Promise<void>;

/** Laws of one story: each begins where the one before ended, so behind a broken one nothing can be told. */
export const inTurn = (t: TestContext): Law => {
  let isBroken = false;
  return (sentence, check) =>
    t.test(sentence, async (law) => {
      if (isBroken) return law.skip('a law before it does not hold');
      isBroken = true;
      await check();
      isBroken = false;
    });
};
