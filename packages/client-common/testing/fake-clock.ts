import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '../src/clock.ts';

interface Pending extends Timer {
  readonly dueMs: number;
  readonly number: number;
  task: (() => void) | undefined;
}

/** What the wall clock shows at first: September 2026. */
const EPOCH_MS = 1_790_000_000_000;

/** Lets everything run that waits for nothing but its turn, Node's own streams too. */
export const settle = (): Promise<void> => setImmediate();

/** The same for promises alone, which is much faster. */
export const settlePromises = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const isBefore = (a: Pending, b: Pending): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.number < b.number);

/** Time that stands still until a test moves it; it then stops at every timer, so that what follows happens then. */
export class FakeClock implements Clock {
  /** A binary heap, the next one first. */
  readonly #heap: Pending[] = [];
  readonly #settle: () => Promise<void>;
  #nowMs = 0;
  #numbers = 0;
  #timers = 0;

  constructor(settleAll: () => Promise<void> = settle) {
    this.#settle = settleAll;
  }

  now(): number {
    return EPOCH_MS + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const timer: Pending = {
      dueMs: this.#nowMs + delayMs,
      number: this.#numbers++,
      task,
      cancel: () => {
        if (timer.task !== undefined) this.#timers--;
        timer.task = undefined;
      },
    };
    this.#timers++;
    this.#push(timer);
    return timer;
  }

  inBackground(delayMs: number, task: () => void): Timer {
    return this.after(delayMs, task);
  }

  /** That are set. */
  get timers(): number {
    return this.#timers;
  }

  /** So much time passes. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.#settle();
    for (let next = this.#heap[0]; next !== undefined && next.dueMs <= endMs; next = this.#heap[0]) {
      this.#pop();
      const { task } = next;
      if (task === undefined) continue;
      next.cancel();
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      task();
      await this.#settle();
    }
    this.#nowMs = endMs;
  }

  #push(timer: Pending): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Pending;
      if (!isBefore(timer, parent)) break;
      heap[at] = parent;
      heap[above] = timer;
      at = above;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Pending)) child++;
      const next = heap[child] as Pending;
      if (!isBefore(next, last)) break;
      heap[at] = next;
      at = child;
    }
    heap[at] = last;
  }
}
