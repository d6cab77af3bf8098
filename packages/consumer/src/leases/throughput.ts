import type { Clock } from '@millrace/client-common';

/** Weight of the newest sample, as in the KCL. */
const ALPHA = 0.5;
const KIB = 1024;
/** Bytes a second, more or less: an average that only ever halves would become a number that DynamoDB refuses. */
const STEPS_PER_KIB = 1_000;

/** What is read from a shard, in KiB a second: a moving average over the renewals of its lease. */
export class Throughput {
  readonly #clock: Clock;
  #average: number | undefined;
  #bytes = 0;
  #sinceMs: number;

  constructor(clock: Clock, average: number | undefined) {
    this.#clock = clock;
    this.#average = average;
    this.#sinceMs = clock.monotonic();
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The average with what was added since the last sample. */
  sample(): number {
    const nowMs = this.#clock.monotonic();
    const seconds = (nowMs - this.#sinceMs) / 1_000;
    if (seconds > 0) {
      const rate = this.#bytes / KIB / seconds;
      this.#average = this.#average === undefined ? rate : ALPHA * rate + (1 - ALPHA) * this.#average;
      this.#bytes = 0;
      this.#sinceMs = nowMs;
    }
    return Math.round((this.#average ?? 0) * STEPS_PER_KIB) / STEPS_PER_KIB;
  }
}
