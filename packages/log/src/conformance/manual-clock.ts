import type { Clock, Timer } from '@millrace/core';

interface Pending extends Timer {
  readonly dueMs: number;
  readonly task: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #pending = new Set<Pending>();
  #nowMs: number;
  #monotonicMs = 0;

  constructor(startMs = 1_790_000_000_000) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const timer: Pending = {
      dueMs: this.#monotonicMs + delayMs,
      task,
      cancel: () => void this.#pending.delete(timer),
    };
    this.#pending.add(timer);
    return timer;
  }

  /** Lets time pass and runs what has come due, in order. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
    const due = [...this.#pending].filter(({ dueMs }) => dueMs <= this.#monotonicMs);
    for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) {
      this.#pending.delete(timer);
      timer.task();
    }
  }

  /** Moves the wall clock alone, as its owner may: forwards or backwards. */
  step(ms: number): void {
    this.#nowMs += ms;
  }
}
