/** Refills evenly up to its size; what is larger than the bucket passes when it is full. */
export class TokenBucket {
  readonly #size: number;
  readonly #perMs: number;
  #tokens: number;
  #filledMs: number;

  constructor({ size, perSecond, nowMs }: { size: number; perSecond: number; nowMs: number }) {
    this.#size = size;
    this.#perMs = perSecond / 1_000;
    this.#tokens = size;
    this.#filledMs = nowMs;
  }

  /** Milliseconds until so many can be taken; 0: now. */
  waitMs(count: number, nowMs: number): number {
    this.#fill(nowMs);
    const missing = Math.min(count, this.#size) - this.#tokens;
    return missing <= 0 ? 0 : missing / this.#perMs;
  }

  /** Only when there is nothing to wait for. */
  take(count: number): void {
    this.#tokens -= Math.min(count, this.#size);
  }

  #fill(nowMs: number): void {
    this.#tokens = Math.min(this.#size, this.#tokens + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
  }
}
