/**
 * Bytes that a shard takes. What one second cannot hold any more is saved for large records, those of more than
 * one second's worth: they take the second's rest and then the savings. So the average never exceeds the rate,
 * and small records never more than a second's worth at once.
 */
export class BurstBucket {
  readonly #perSecond: number;
  readonly #savingsMax: number;
  #tokens: number;
  #savings: number;
  #atMs: number;

  constructor(perSecond: number, savingsMax: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#savingsMax = savingsMax;
    this.#tokens = perSecond;
    this.#savings = savingsMax;
    this.#atMs = nowMs;
  }

  /** All of it or nothing. */
  take(bytes: number, nowMs: number): boolean {
    this.#refill(nowMs);
    const fromTokens = Math.min(bytes, this.#tokens);
    const fromSavings = bytes - fromTokens;
    const isLarge = bytes > this.#perSecond;
    if (fromSavings > (isLarge ? this.#savings : 0)) return false;
    this.#tokens -= fromTokens;
    this.#savings -= fromSavings;
    return true;
  }

  #refill(nowMs: number): void {
    const tokens = this.#tokens + ((nowMs - this.#atMs) * this.#perSecond) / 1000;
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#perSecond, tokens);
    this.#savings = Math.min(this.#savingsMax, this.#savings + tokens - this.#tokens);
  }
}
