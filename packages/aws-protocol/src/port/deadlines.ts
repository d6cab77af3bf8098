import type { Clock, Timer } from '@millrace/core';

export interface Wait {
  readonly dueMs: number;
  readonly onLate: () => void;
}

/**
 * Many waits of the same length behind one timer: starting and stopping one costs a set's insert and delete,
 * so that every connection and request can afford a deadline.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  /** In the order of their start, which is the order in which they fall due. */
  readonly #waits = new Set<Wait>();
  #timer: Timer | undefined;

  constructor(clock: Clock, lengthMs: number) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
  }

  /** `onLate` runs once unless the wait is stopped before. */
  start(onLate: () => void): Wait {
    const wait = { dueMs: this.#clock.monotonic() + this.#lengthMs, onLate };
    this.#waits.add(wait);
    this.#timer ??= this.#clock.after(this.#lengthMs, this.#tick);
    return wait;
  }

  stop(wait: Wait): void {
    this.#waits.delete(wait);
  }

  readonly #tick = (): void => {
    this.#timer = undefined;
    const nowMs = this.#clock.monotonic();
    for (const wait of this.#waits) {
      if (wait.dueMs > nowMs) {
        this.#timer = this.#clock.after(wait.dueMs - nowMs, this.#tick);
        return;
      }
      this.#waits.delete(wait);
      wait.onLate();
    }
  };
}
