import { type Clock, pause } from '@millrace/client-common';
import type { ConsumedRecord } from '../reading/user-record.ts';
import type { AutoCheckpoint } from './auto-checkpoint.ts';
import { type Checkpointer, unlessLost } from './checkpointer.ts';
import type { PoisonGuard } from './poison.ts';
import type { RecordBatch, RecordProcessor } from './record-processor.ts';

/** Does the work for one record. Records of a shard come one after another, those of several shards at once. */
export type RecordHandler = (record: ConsumedRecord, signal: AbortSignal) => Promise<void> | void;

/** A handler that never waits lets nothing else happen: after so long it is renewals' and answers' turn. */
const TURN_MS = 20;

/** One record at a time, checkpoints by itself. */
export class HandlerProcessor implements RecordProcessor {
  readonly #clock: Clock;
  readonly #handler: RecordHandler;
  readonly #guard: PoisonGuard;
  readonly #auto: AutoCheckpoint;

  constructor(clock: Clock, handler: RecordHandler, guard: PoisonGuard, auto: AutoCheckpoint) {
    this.#clock = clock;
    this.#handler = handler;
    this.#guard = guard;
    this.#auto = auto;
  }

  async processRecords({ records, checkpointer, signal }: RecordBatch): Promise<void> {
    let turnMs = this.#clock.monotonic();
    for (const record of records) {
      if (signal.aborted) return;
      const working = this.#guard.run([record], signal, () => this.#handler(record, signal));
      if (working !== undefined) await working;
      this.#auto.done(record, checkpointer);
      if (this.#clock.monotonic() - turnMs < TURN_MS) continue;
      await pause(this.#clock, 0, signal);
      turnMs = this.#clock.monotonic();
    }
  }

  /** What was done before the record that failed stays done, where the lease is still there. */
  leaseLost(): Promise<void> {
    return this.#auto.flush();
  }

  async shardEnded(checkpointer: Checkpointer): Promise<void> {
    this.#auto.cancel();
    await unlessLost(checkpointer.checkpoint());
  }

  shutdownRequested(): Promise<void> {
    return this.#auto.flush();
  }
}
