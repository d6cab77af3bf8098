import type { Clock } from '@millrace/core';

const SECOND_MS = 1000;

/** The Date header: written once a second. */
export class HttpDate {
  readonly #clock: Clock;
  #second = Number.NaN;
  #text = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): string {
    const second = Math.floor(this.#clock.now() / SECOND_MS);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * SECOND_MS).toUTCString();
    }
    return this.#text;
  }
}
