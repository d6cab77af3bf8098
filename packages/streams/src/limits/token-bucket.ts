/**
 * So many tokens a second, saved up for one second: in any span of t seconds at most rate · (1 + t) are taken.
 * A bucket that nobody has asked for a second is full, so it may be forgotten.
 */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#atMs = nowMs;
  }

  has(count: number, nowMs: number): boolean {
    const gained = ((nowMs - this.#atMs) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + gained);
    this.#atMs = nowMs;
    return count <= this.#tokens;
  }

  /** Only after `has` at the same time. */
  spend(count: number): void {
    this.#tokens -= count;
  }

  /** All of it or nothing. */
  take(count: number, nowMs: number): boolean {
    if (!this.has(count, nowMs)) return false;
    this.spend(count);
    return true;
  }
}
