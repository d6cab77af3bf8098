import { Fifo } from './fifo.ts';
import { FrameMemory } from './frame-memory.ts';
import type { EmbeddedLimits } from './limits.ts';
import type { LogState } from './log-state.ts';
import type { Tail, TailBatch } from './tail.ts';

/** What a batch costs beside its bytes: its objects, and its places in queues. Measured roughly. */
const BATCH_OVERHEAD_BYTES = 256;

/** Of a batch as it is on disk and, if it is encrypted, of its plain payload. */
const weightOf = (bytes: Uint8Array, plain?: Uint8Array): number =>
  bytes.length + (plain?.length ?? 0) + BATCH_OVERHEAD_BYTES;

/** Keeps account of the tails of all logs together, and lets go of the oldest clean batches. */
export class TailMemory {
  /** Logs with batches that are in no segment yet. */
  readonly dirtyLogs = new Set<LogState>();
  readonly frameMemory: FrameMemory;
  readonly #clean = new Fifo<{ readonly tail: Tail; readonly batch: TailBatch }>();
  readonly #cleanBytesMax: number;
  #cleanBytes = 0;
  #dirtyBytes = 0;

  constructor(limits: EmbeddedLimits) {
    this.frameMemory = new FrameMemory(limits);
    this.#cleanBytesMax = limits.cleanTailBytesMax;
  }

  get dirtyBytes(): number {
    return this.#dirtyBytes;
  }

  hold(log: LogState, batch: TailBatch): void {
    log.tail.add(batch);
    this.dirtyLogs.add(log);
    this.#dirtyBytes += weightOf(batch.bytes, batch.plain);
  }

  /** Segments now hold everything of the log before `end`. */
  markWritten(log: LogState, end: number): void {
    for (const batch of log.tail.markWritten(end)) {
      this.#dirtyBytes -= weightOf(batch.bytes, batch.plain);
      this.#cleanBytes += weightOf(batch.bytes, batch.plain);
      this.#clean.push({ tail: log.tail, batch });
    }
    this.#settle(log);
    this.#evict();
  }

  /** Clean batches stay on the account until their turn to go, since the queue still holds them. */
  dropBefore(log: LogState, position: number): void {
    for (const batch of log.tail.dropBefore(position)) {
      this.#dirtyBytes -= weightOf(batch.bytes, batch.plain);
      this.frameMemory.release(batch);
    }
    this.#settle(log);
  }

  /** The oldest journal file that holds what no segment holds. */
  oldestJournalFile(current: number): number {
    let oldest = current;
    for (const log of this.dirtyLogs) oldest = Math.min(oldest, log.tail.firstDirty?.journalFile ?? current);
    return oldest;
  }

  #settle(log: LogState): void {
    if (log.tail.firstDirty === undefined) this.dirtyLogs.delete(log);
  }

  #evict(): void {
    while (this.#cleanBytes > this.#cleanBytesMax) {
      const oldest = this.#clean.shift();
      if (oldest === undefined) return;
      if (oldest.tail.first === oldest.batch) oldest.tail.dropFirst();
      this.#cleanBytes -= weightOf(oldest.batch.bytes, oldest.batch.plain);
      this.frameMemory.release(oldest.batch);
    }
  }
}
