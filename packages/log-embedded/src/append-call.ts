import type { AppendOutcome } from '@millrace/log';

/** Appends that were asked for together. Whoever asked is told once, when all of them are settled. */
export class AppendCall {
  readonly outcomes: Promise<readonly AppendOutcome[]>;
  readonly #outcomes: AppendOutcome[];
  readonly #resolve: (outcomes: readonly AppendOutcome[]) => void;
  #leftCount: number;

  constructor(count: number) {
    const { promise, resolve } = Promise.withResolvers<readonly AppendOutcome[]>();
    this.outcomes = promise;
    this.#resolve = resolve;
    this.#outcomes = new Array<AppendOutcome>(count);
    this.#leftCount = count;
    if (count === 0) resolve([]);
  }

  /** Once for each place. */
  settle(place: number, outcome: AppendOutcome): void {
    this.#outcomes[place] = outcome;
    this.#leftCount -= 1;
    if (this.#leftCount === 0) this.#resolve(this.#outcomes);
  }
}
