import type { Clock } from '@millrace/core';
import { LogError } from '@millrace/log';
import type { EmbeddedLimits } from './limits.ts';

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

type Limits = Pick<EmbeddedLimits, 'readingBytesMax' | 'readsWaitingMax' | 'readWaitMs'>;

/**
 * What bounds the memory of readers: each holds what it has read until it has all that it wants. When as much is
 * asked for as may be held at one time, further reads wait, in order, and are refused as `overloaded` after a while.
 */
export class ReadTurns {
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>();
  readonly #clock: Clock;
  readonly #limits: Limits;
  #bytesLeft: number;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#bytesLeft = limits.readingBytesMax;
  }

  /** A read of more bytes than may be held has the turn to itself. */
  async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    const taken = Math.min(bytes, this.#limits.readingBytesMax);
    if (this.#waiting.size > 0 || taken > this.#bytesLeft) await this.#wait(taken);
    else this.#bytesLeft -= taken;
    try {
      return await work();
    } finally {
      this.#bytesLeft += taken;
      this.#admit();
    }
  }

  /** Resolves when the bytes have been taken. */
  async #wait(bytes: number): Promise<void> {
    const { readsWaitingMax, readWaitMs } = this.#limits;
    if (this.#waiting.size >= readsWaitingMax)
      throw new LogError('overloaded', 'too many reads wait for memory');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { bytes, begin: resolve };
    const timer = this.#clock.after(readWaitMs, () => {
      this.#waiting.delete(waiting);
      this.#admit();
      reject(new LogError('overloaded', `a read has waited ${readWaitMs} ms for memory`));
    });
    this.#waiting.add(waiting);
    await promise.finally(() => timer.cancel());
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (waiting.bytes > this.#bytesLeft) return;
      this.#waiting.delete(waiting);
      this.#bytesLeft -= waiting.bytes;
      waiting.begin();
    }
  }
}
