import { REQUEST_TIMEOUT } from '@millrace/client-common';

/** One request that a record was part of. */
export interface Attempt {
  /** From the record's admission, or its last attempt, to this one. */
  readonly delayMs: number;
  readonly durationMs: number;
  readonly success: boolean;
  /** The service's code, the network's, or one of the producer's own (`ATTEMPT_CODES`). */
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** Why an attempt failed, where the service did not say so. */
export const ATTEMPT_CODES = {
  /** An aggregate was stored in a shard that does not cover all of it: consumers drop it, so it is put again. */
  wrongShard: 'WrongShard',
  /** The answer has another number of entries than the request. */
  recordCountMismatch: 'RecordCountMismatch',
  /** No answer within `requestTimeoutMs`. */
  requestTimeout: REQUEST_TIMEOUT,
} as const;

/** The service's word for a shard whose limits are reached. */
export const THROTTLED = 'ProvisionedThroughputExceededException';

/** The service's words for a request that will not get better by being repeated. */
export const REFUSALS: ReadonlySet<string> = new Set([
  'ValidationException',
  'InvalidArgumentException',
  'SerializationException',
]);

/**
 * `InvalidSettings`, `InvalidRecord`: what was given cannot be. `BufferFull`: the buffer is full, and so is the line
 * before it. `Closed`: the producer takes no more. `Expired`: `recordTtlMs` passed without success. `Throttled`: the
 * service had no room and `failIfThrottled` is set. `Refused`: the service will not have this record.
 */
export type ProducerErrorCode =
  | 'InvalidSettings'
  | 'InvalidRecord'
  | 'BufferFull'
  | 'Closed'
  | 'Expired'
  | 'Throttled'
  | 'Refused';

export class ProducerError extends Error {
  readonly code: ProducerErrorCode;
  /** Of the record; empty when it was never sent. A record that expired may be stored all the same. */
  readonly attempts: readonly Attempt[];
  constructor(code: ProducerErrorCode, message: string, attempts: readonly Attempt[] = []) {
    super(message);
    this.name = 'ProducerError';
    this.code = code;
    this.attempts = attempts;
  }
}
