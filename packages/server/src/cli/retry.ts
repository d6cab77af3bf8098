import type { Clock } from '@millrace/core';
import { pause } from '../adapters/pause.ts';

const FIRST_PAUSE_MS = 50;
const PAUSE_MS_MAX = 5_000;

/** AWS's names for "try again"; all else that is the caller's fault will not get better. */
const RETRYABLE_NAMES = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
  'InternalFailure',
  'InternalFailureException',
  'TimeoutError',
]);

const statusOf = (error: object): number | undefined =>
  '$metadata' in error && typeof error.$metadata === 'object' && error.$metadata !== null
    ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode
    : undefined;

/** Throttling, a fault of the server's, or no answer at all (refused, reset, timed out). */
export const isWorthAnotherTry = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  const answered = status !== undefined;
  const connectionFailed = !answered && ('code' in error || error.name === 'TimeoutError');
  return RETRYABLE_NAMES.has(error.name) || connectionFailed || (status ?? 0) >= 500;
};

/** Doubling pauses, and the end of patience when nothing goes forward. */
export class Attempts {
  #count = 0;
  #progressAtMs: number;
  #last: unknown;
  readonly #clock: Clock;
  readonly #giveUpMs: number;

  constructor(clock: Clock, giveUpMs: number) {
    this.#clock = clock;
    this.#giveUpMs = giveUpMs;
    this.#progressAtMs = clock.monotonic();
  }

  progressed(): void {
    this.#count = 0;
    this.#progressAtMs = this.#clock.monotonic();
  }

  failed(error: unknown): void {
    this.#last = error;
  }

  /** Waits before the next try; throws the last error when there has been no progress for too long. */
  async pause(signal?: AbortSignal): Promise<void> {
    if (this.#clock.monotonic() - this.#progressAtMs > this.#giveUpMs) {
      throw this.#last ?? new Error('The server keeps refusing the records.');
    }
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** this.#count, PAUSE_MS_MAX), signal);
    this.#count++;
  }
}
