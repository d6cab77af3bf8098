import assert from 'node:assert/strict';
import { effectiveHashKey, type HashKey, type UserRecord } from '@millrace/aggregation';
import { type Attempt, ProducerError } from './errors.ts';
import type { Generation } from './generations.ts';
import type { Sent } from './transport.ts';

/** What became of a record that was put. */
export interface PutResult {
  readonly shardId: string;
  /** Of the record that carried it: user records of one aggregate share it. */
  readonly sequenceNumber: string;
  /** All of them; the last one succeeded. */
  readonly attempts: readonly Attempt[];
}

/** A record that has its place in the buffer. */
export interface Admitted {
  /** For who wants to know what became of it. */
  readonly result: Promise<PutResult>;
}

/** Where the service has put it. */
export type Place = Pick<PutResult, 'shardId' | 'sequenceNumber'>;

/**
 * A user record on its way. Times are the clock's `monotonic`.
 *
 *      put ──► waiting (Admission: while the buffer is full) ──► BufferFull, Closed
 *                 │ admitted: from here the record's time to live counts
 *                 ▼
 *      ┌──► aggregating (Aggregator: until the aggregate is full or the deadline comes)
 *      │          ▼
 *      │     limited (Limiter: until its shard may take more) ──────────────► Expired
 *      │          ▼
 *      │     collecting (Collector: until the request is full or the deadline comes)
 *      │          ▼
 *      │     sending (Sender: until there is a connection, then an answer) ─► Expired
 *      │          ▼
 *      └──── judged (Retrier) ─────► put
 *     failed, or in     └──────────► Expired, Throttled, Refused
 *     the wrong shard
 */
export class PendingRecord implements UserRecord, Admitted {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly data: Uint8Array;
  /** Data and partition key. */
  readonly bytes: number;
  readonly generation: Generation;
  /** It has its place in the buffer. */
  isAdmitted = false;
  /** When it fails if it has not been put. */
  expiresMs = Number.POSITIVE_INFINITY;
  /** When it leaves its aggregate at the latest. */
  deadlineMs = Number.POSITIVE_INFINITY;
  /** Once a request was refused that it was part of, it goes in a request of its own. */
  isAlone = false;
  /** Of its admission, then of the end of its last attempt that failed. */
  lastMs = 0;
  #failures: Attempt[] | undefined;
  #success: Sent | undefined;
  readonly #onSettled: (user: PendingRecord) => void;
  #outcome: Place | ProducerError | undefined;
  #asked: PromiseWithResolvers<PutResult> | undefined;

  constructor(
    { partitionKey, explicitHashKey, data }: UserRecord,
    bytes: number,
    generation: Generation,
    onSettled: (user: PendingRecord) => void,
  ) {
    this.partitionKey = partitionKey;
    this.explicitHashKey = explicitHashKey;
    this.data = data;
    this.bytes = bytes;
    this.generation = generation;
    this.#onSettled = onSettled;
  }

  /** Worked out anew each time: it is asked for once, unless shards change, and not at all in a stream of one. */
  get hashKey(): HashKey {
    const hashKey = effectiveHashKey(this);
    assert(hashKey !== undefined, `${this.explicitHashKey} is no hash key`);
    return hashKey;
  }

  /** Made when it is first asked for: a failure that nobody asks for is no unhandled rejection. */
  get result(): Promise<PutResult> {
    this.#asked ??= Promise.withResolvers();
    if (this.#outcome !== undefined) this.#tell(this.#asked, this.#outcome);
    return this.#asked.promise;
  }

  /** All of them. Made when they are asked for: most records need one attempt, and nobody asks. */
  get attempts(): readonly Attempt[] {
    const failures = this.#failures ?? [];
    return this.#success === undefined
      ? failures
      : [...failures, { ...this.#timesOf(this.#success), success: true }];
  }

  get attemptCount(): number {
    return (this.#failures?.length ?? 0) + (this.#success === undefined ? 0 : 1);
  }

  /** From its admission to its first attempt; undefined when there was none. */
  get bufferedMs(): number | undefined {
    const [failure] = this.#failures ?? [];
    if (failure !== undefined) return failure.delayMs;
    return this.#success === undefined ? undefined : this.#success.startedMs - this.lastMs;
  }

  failed(sent: Sent, errorCode: string, errorMessage: string): void {
    this.#failures ??= [];
    this.#failures.push({ ...this.#timesOf(sent), success: false, errorCode, errorMessage });
    this.lastMs = sent.endedMs;
  }

  succeeded(sent: Sent): void {
    this.#success = sent;
  }

  settle(outcome: Place | ProducerError): void {
    assert(this.#outcome === undefined, 'a record is settled once');
    this.#outcome = outcome;
    if (this.#asked !== undefined) this.#tell(this.#asked, outcome);
    this.#onSettled(this);
  }

  #timesOf({ startedMs, endedMs }: Sent): { delayMs: number; durationMs: number } {
    return { delayMs: startedMs - this.lastMs, durationMs: endedMs - startedMs };
  }

  #tell({ resolve, reject }: PromiseWithResolvers<PutResult>, outcome: Place | ProducerError): void {
    if (outcome instanceof ProducerError) reject(outcome);
    else {
      const { shardId, sequenceNumber } = outcome;
      resolve({ shardId, sequenceNumber, attempts: this.attempts });
    }
  }
}
