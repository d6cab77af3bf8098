import type { Random } from '@millrace/core';

/** A stream of chance that a seed repeats (mulberry32): whole numbers from 0 up to, not including, `below`. */
export const seeded = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** The same as the port. */
export const randomOf = (seed: number): Random => {
  const chance = seeded(seed);
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => chance(256));
  return { bytes, uuid: () => Buffer.from(bytes(16)).toString('hex') };
};
