import type { Clock, Timer } from '@millrace/client-common';

/** The longest that Node's timers know. */
const DELAY_MS_MAX = 2_147_483_647;

/** One task at the earliest of the times that were asked for. */
export class DueTimer {
  readonly #clock: Clock;
  readonly #task: () => void;
  #dueMs = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(clock: Clock, task: () => void) {
    this.#clock = clock;
    this.#task = task;
  }

  /** Not later than then; `dueMs` is a time of the clock's `monotonic`. */
  at(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.cancel();
    this.#dueMs = dueMs;
    const delayMs = Math.min(Math.max(0, dueMs - this.#clock.monotonic()), DELAY_MS_MAX);
    this.#timer = this.#clock.after(delayMs, () => {
      this.#dueMs = Number.POSITIVE_INFINITY;
      this.#task();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#dueMs = Number.POSITIVE_INFINITY;
  }
}
