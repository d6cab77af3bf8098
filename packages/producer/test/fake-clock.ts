import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '@millrace/producer';

interface Pending extends Timer {
  readonly dueMs: number;
  readonly number: number;
  readonly task: () => void;
}

/** Lets everything run that waits for nothing but its turn. */
export const settle = (): Promise<void> => setImmediate();

/** Time that stands still until a test moves it; it then stops at every timer, so that what follows happens then. */
export class FakeClock implements Clock {
  readonly #pending = new Set<Pending>();
  #nowMs = 0;
  #numbers = 0;

  now(): number {
    return 1_790_000_000_000 + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const timer: Pending = {
      dueMs: this.#nowMs + delayMs,
      number: this.#numbers++,
      task,
      cancel: () => void this.#pending.delete(timer),
    };
    this.#pending.add(timer);
    return timer;
  }

  inBackground(delayMs: number, task: () => void): Timer {
    return this.after(delayMs, task);
  }

  get timers(): number {
    return this.#pending.size;
  }

  /** So much time passes. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#first(); next !== undefined && next.dueMs <= endMs; next = this.#first()) {
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.task();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #first(): Pending | undefined {
    let first: Pending | undefined;
    for (const timer of this.#pending) {
      if (first === undefined || timer.dueMs - first.dueMs < 0) first = timer;
    }
    return first;
  }
}
