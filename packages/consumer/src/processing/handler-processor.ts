import type { ConsumedRecord } from '../reading/user-record.ts';
import type { AutoCheckpoint } from './auto-checkpoint.ts';
import { type Checkpointer, unlessLost } from './checkpointer.ts';
import type { PoisonGuard } from './poison.ts';
import type { RecordBatch, RecordProcessor } from './record-processor.ts';

/** Does the work for one record. Records of a shard come one after another, those of several shards at once. */
export type RecordHandler = (record: ConsumedRecord, signal: AbortSignal) => Promise<void> | void;

/** One record at a time, checkpoints by itself. */
export class HandlerProcessor implements RecordProcessor {
  readonly #handler: RecordHandler;
  readonly #guard: PoisonGuard;
  readonly #auto: AutoCheckpoint;

  constructor(handler: RecordHandler, guard: PoisonGuard, auto: AutoCheckpoint) {
    this.#handler = handler;
    this.#guard = guard;
    this.#auto = auto;
  }

  async processRecords({ records, checkpointer, signal }: RecordBatch): Promise<void> {
    for (const record of records) {
      if (signal.aborted) return;
      await this.#guard.run([record], signal, () => this.#handler(record, signal));
      this.#auto.done(record, checkpointer);
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
