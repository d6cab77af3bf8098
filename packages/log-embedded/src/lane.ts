/** Work that goes one after the other: what moves or removes segment files never meets itself. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when what was begun before has ended. */
  idle(): Promise<void> {
    return this.run(async () => undefined);
  }
}
