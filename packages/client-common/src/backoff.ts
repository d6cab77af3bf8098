import type { Random } from './clock.ts';

const FIRST_MS = 50;
/** Of a pause, so that workers who failed together do not come back together. */
const JITTER = 0.3;

/** Pauses that double with each failure in a row. */
export class Backoff {
  readonly #random: Random;
  readonly #lastMs: number;
  #nextMs = FIRST_MS;

  constructor(random: Random, lastMs: number) {
    this.#random = random;
    this.#lastMs = lastMs;
  }

  reset(): void {
    this.#nextMs = FIRST_MS;
  }

  /** For how long to wait now. */
  next(): number {
    const pauseMs = Math.min(this.#nextMs, this.#lastMs);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#lastMs);
    return pauseMs * (1 - JITTER * this.#random.next());
  }
}
