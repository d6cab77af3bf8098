/**
 * How fast a shard may be read. How much an answer will hold is only known afterwards, so an answer may go over
 * what a second has left; then calls are refused for as long as its bytes and those before it take at the rate
 * (AWS: 5 seconds after an answer of 10 MiB).
 */
export class ReadPace {
  readonly #perSecond: number;
  /** Bytes given out in what is counted as the present second. */
  #given = 0;
  #atMs: number;
  #refusedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#atMs = nowMs;
  }

  mayRead(nowMs: number): boolean {
    return nowMs >= this.#refusedUntilMs;
  }

  gave(bytes: number, nowMs: number): void {
    const paid = ((nowMs - this.#atMs) * this.#perSecond) / 1000;
    this.#given = Math.max(0, this.#given - paid) + bytes;
    this.#atMs = nowMs;
    if (this.#given < this.#perSecond) return;
    this.#refusedUntilMs = nowMs + (this.#given * 1000) / this.#perSecond;
  }
}
