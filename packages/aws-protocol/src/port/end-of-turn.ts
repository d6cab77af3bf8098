import type { Clock } from '@millrace/core';

/** Answers wait no longer than this for others of their turn, when much else is done in it. */
const TURN_MS = 1;

/**
 * The end of the event loop's turn, where answers that became ready in it go out together. Each write to a
 * client that sleeps wakes it, which costs more than all else about a small answer; the second finds it awake.
 * A lone answer waits for nothing: the turn ends with it.
 */
export class EndOfTurn {
  readonly #clock: Clock;
  #waiting: PromiseWithResolvers<void> | undefined;
  #sinceMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  come(): Promise<void> {
    if (this.#waiting === undefined) {
      this.#waiting = Promise.withResolvers();
      this.#sinceMs = this.#clock.monotonic();
      setImmediate(this.#end);
    }
    return this.#waiting.promise;
  }

  /** To be called before work that may take its time: those who have waited for long go first. */
  hurry(): void {
    if (this.#waiting !== undefined && this.#clock.monotonic() - this.#sinceMs >= TURN_MS) this.#end();
  }

  /** Once more than needed where the turn was cut short; nobody, or those of the next turn, are waiting then. */
  readonly #end = (): void => {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  };
}
