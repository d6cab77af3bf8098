import type { Clock, Timer } from '@millrace/core';
import type { Scheduler } from './scheduler.ts';

const START_MS = 1_790_000_000_000;

/** The scheduler's time as the port; its wall clock can be set, as its owner may: forwards or backwards. */
export class SimulatedClock implements Clock {
  readonly #scheduler: Scheduler;
  #offsetMs = START_MS;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  now(): number {
    return this.#offsetMs + this.#scheduler.nowMs;
  }

  monotonic(): number {
    return this.#scheduler.nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    return { cancel: this.#scheduler.schedule(`timer of ${delayMs} ms`, task, delayMs) };
  }

  step(ms: number): void {
    this.#offsetMs += ms;
  }
}
