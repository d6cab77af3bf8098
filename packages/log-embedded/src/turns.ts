import type { Clock } from '@millrace/core';
import { LogError } from '@millrace/log';

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

export interface TurnLimits {
  /** What is asked for, for its error: "reads". */
  readonly noun: string;
  /** Held by all that is under way. */
  readonly bytesMax: number;
  /** Of those that wait: their number, the bytes that they will take, and how long each waits at the most. */
  readonly waitingMax: number;
  readonly waitingBytesMax: number;
  readonly waitMs: number;
}

/**
 * What bounds the memory of work that holds bytes until it is done. When as much is asked for as may be held at one
 * time, further work waits, begins in the order in which it came, and is refused as `overloaded` after a while.
 */
export class Turns {
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>();
  readonly #clock: Clock;
  readonly #limits: TurnLimits;
  #bytesLeft: number;
  #waitingBytes = 0;

  constructor(clock: Clock, limits: TurnLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#bytesLeft = limits.bytesMax;
  }

  /** Work of more bytes than may be held has the turn to itself. It begins at once if it need not wait. */
  run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    const taken = Math.min(bytes, this.#limits.bytesMax);
    if (this.#waiting.size > 0 || taken > this.#bytesLeft) return this.#wait(taken, work);
    return this.#begin(taken, work);
  }

  /** The work is called before this returns: nobody who comes later can get ahead of it. */
  async #begin<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    this.#bytesLeft -= bytes;
    try {
      return await work();
    } finally {
      this.#bytesLeft += bytes;
      this.#admit();
    }
  }

  #wait<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    const { noun, waitingMax, waitingBytesMax, waitMs } = this.#limits;
    if (this.#waiting.size >= waitingMax || this.#waitingBytes + bytes > waitingBytesMax) {
      return Promise.reject(new LogError('overloaded', `too many ${noun} wait for memory`));
    }
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(waitMs, () => {
        this.#leave(waiting);
        this.#admit();
        reject(new LogError('overloaded', `no memory for more ${noun} within ${waitMs} ms`));
      });
      const begin = (): void => {
        timer.cancel();
        resolve(this.#begin(bytes, work));
      };
      const waiting: Waiting = { bytes, begin };
      this.#waiting.add(waiting);
      this.#waitingBytes += bytes;
    });
  }

  #leave(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    this.#waitingBytes -= waiting.bytes;
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (waiting.bytes > this.#bytesLeft) return;
      this.#leave(waiting);
      waiting.begin();
    }
  }
}
