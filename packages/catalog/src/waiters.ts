import type { Clock, Timer } from '@millrace/core';
import { CatalogError } from './catalog-error.ts';

interface Waiter<Value> extends PromiseWithResolvers<Value> {
  readonly timer: Timer;
}

/** Calls that wait for something of a given name; each has a deadline, and there are only so many. */
export class Waiters<Value> {
  readonly #clock: Clock;
  readonly #countMax: number;
  readonly #waitMsMax: number;
  readonly #waiting = new Map<string, Waiter<Value>>();

  constructor(clock: Clock, bounds: { readonly countMax: number; readonly waitMsMax: number }) {
    this.#clock = clock;
    this.#countMax = bounds.countMax;
    this.#waitMsMax = bounds.waitMsMax;
  }

  /** All who wait for one name share a promise. */
  on(name: string): Promise<Value> {
    const existing = this.#waiting.get(name);
    if (existing !== undefined) return existing.promise;
    if (this.#waiting.size >= this.#countMax) {
      throw new CatalogError('overloaded', `${this.#countMax} commands are waiting already.`);
    }
    const timer = this.#clock.after(this.#waitMsMax, () =>
      this.fail(name, new CatalogError('timeout', `Not applied within ${this.#waitMsMax} ms.`)),
    );
    const waiter = { ...Promise.withResolvers<Value>(), timer };
    this.#waiting.set(name, waiter);
    return waiter.promise;
  }

  settle(name: string, value: Value): void {
    this.#take(name)?.resolve(value);
  }

  fail(name: string, error: Error): void {
    this.#take(name)?.reject(error);
  }

  failAll(error: Error): void {
    for (const name of [...this.#waiting.keys()]) this.fail(name, error);
  }

  #take(name: string): Waiter<Value> | undefined {
    const waiter = this.#waiting.get(name);
    this.#waiting.delete(name);
    waiter?.timer.cancel();
    return waiter;
  }
}
