import type { Random } from '@millrace/core';

/** A stream of chance that a seed repeats (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** True once in `count` times. */
  isOneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new Error('nothing to pick from');
    return items[this.below(items.length)] as Item;
  }

  /** A stream of its own, so that what one part draws does not move the others. */
  fork(): Chance {
    return new Chance(this.below(2 ** 32));
  }
}

/** The same as the port. */
export const randomOf = (seed: number): Random => {
  const chance = new Chance(seed);
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => chance.below(256));
  return { bytes, uuid: () => Buffer.from(bytes(16)).toString('hex') };
};
