import { Backoff, type Clock, pause, type Random } from '@millrace/client-common';
import { isLeaseLost } from '../errors.ts';
import type { Report } from '../event.ts';
import type { ConsumedRecord } from '../reading/user-record.ts';
import { Abandoned } from './abandoned.ts';

export interface PoisonedRecords {
  /** One with `run`; otherwise those that were handed over together. */
  readonly records: readonly ConsumedRecord[];
  readonly error: unknown;
  /** From 1. */
  readonly attempt: number;
}

export type PoisonDecision = 'stop' | 'skip' | 'retry';

/**
 * What becomes of records that the application fails on. `stop`, the default: the consumer stops before them, and its
 * promise rejects. `skip`: they are passed over, and an event says so. A function decides each time; it may put the
 * records elsewhere first.
 */
export type PoisonPolicy =
  | 'stop'
  | 'skip'
  | ((poisoned: PoisonedRecords) => PoisonDecision | Promise<PoisonDecision>);

export interface PoisonGuardParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly backoffMsMax: number;
  readonly policy: PoisonPolicy;
  readonly report: Report;
}

type Work = () => Promise<void> | void;

/** Lets the application work on records as the policy says. */
export class PoisonGuard {
  readonly #parts: PoisonGuardParts;

  constructor(parts: PoisonGuardParts) {
    this.#parts = parts;
  }

  /**
   * Undefined when the work is done already: what need not wait costs no turn of the event loop. Rejects with the
   * application's error when it is to stop, with `Abandoned` when the signal comes before a retry.
   */
  run(records: readonly ConsumedRecord[], signal: AbortSignal, work: Work): Promise<void> | undefined {
    try {
      const working = work();
      return working?.then(undefined, (error: unknown) => this.#again(records, signal, work, error));
    } catch (error) {
      return this.#again(records, signal, work, error);
    }
  }

  async #again(
    records: readonly ConsumedRecord[],
    signal: AbortSignal,
    work: Work,
    firstError: unknown,
  ): Promise<void> {
    const { clock, random, backoffMsMax } = this.#parts;
    const backoff = new Backoff(random, backoffMsMax);
    let error = firstError;
    for (let attempt = 1; ; attempt++) {
      if (isLeaseLost(error) || error instanceof Abandoned) throw error;
      const decision = await this.#decide({ records, error, attempt });
      if (decision === 'stop') throw error;
      if (decision === 'skip') return;
      await pause(clock, backoff.next(), signal);
      if (signal.aborted) throw new Abandoned();
      try {
        return await work();
      } catch (failure) {
        error = failure;
      }
    }
  }

  async #decide(poisoned: PoisonedRecords): Promise<PoisonDecision> {
    const { policy, report } = this.#parts;
    const { records, error } = poisoned;
    const [first] = records;
    const decision = typeof policy === 'function' ? await policy(poisoned) : policy;
    if (first === undefined || decision === 'stop') return decision;
    const { streamName, shardId, sequenceNumber } = first;
    const at = { streamName, shardId };
    if (decision === 'skip') {
      report({ kind: 'recordsSkipped', ...at, sequenceNumber, recordCount: records.length, error });
    } else report({ kind: 'error', during: 'process records', error, ...at });
    return decision;
  }
}
