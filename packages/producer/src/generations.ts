export interface Generation {
  pending: number;
  /** Once a flush waits for it. */
  done: PromiseWithResolvers<void> | undefined;
}

/** Which puts a flush waits for: those that began before it, and none that came later. */
export class Generations {
  readonly #awaited = new Set<Generation>();
  #current: Generation = { pending: 0, done: undefined };

  /** A put begins; `end` is to be called with the answer when it has settled. */
  begin(): Generation {
    this.#current.pending++;
    return this.#current;
  }

  end(generation: Generation): void {
    generation.pending--;
    if (generation.pending > 0 || generation.done === undefined) return;
    this.#awaited.delete(generation);
    generation.done.resolve();
  }

  /** Resolves when every put that has begun is settled. */
  async settled(): Promise<void> {
    if (this.#current.pending > 0) {
      this.#current.done = Promise.withResolvers();
      this.#awaited.add(this.#current);
      this.#current = { pending: 0, done: undefined };
    }
    await Promise.all([...this.#awaited].map(({ done }) => done?.promise));
  }
}
