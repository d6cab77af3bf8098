import { createHash } from 'node:crypto';

/** Whole numbers from 0 up to, not including, `below`; the same ones for the same seed. */
export type Chance = (below: number) => number;

export const chanceOf = (seed: string): Chance => {
  let count = 0;
  return (below) => createHash('sha256').update(`${seed}/${count++}`).digest().readUInt32BE() % below;
};
