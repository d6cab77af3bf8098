import { type Batch, endOf } from './batch.ts';
import { Fifo } from './fifo.ts';
import { firstWhere } from './search.ts';

/** A batch in memory, and the journal file that must stay until a segment holds the batch. */
export interface TailBatch extends Batch {
  readonly journalFile: number;
}

/**
 * The newest durable batches of one log, without a gap, up to its end. First the clean ones, which segments hold
 * too; then the dirty ones, which only the journal holds.
 */
export class Tail {
  readonly #batches = new Fifo<TailBatch>();
  #cleanCount = 0;

  get first(): TailBatch | undefined {
    return this.#batches.at(0);
  }

  get firstDirty(): TailBatch | undefined {
    return this.#batches.at(this.#cleanCount);
  }

  dirty(): TailBatch[] {
    return this.#batches.slice(this.#cleanCount);
  }

  add(batch: TailBatch): void {
    this.#batches.push(batch);
  }

  holds(position: number): boolean {
    return this.first !== undefined && position >= this.first.position;
  }

  /** Hands over the batches from the one with `from` on, which must be held, until one is the last that is wanted. */
  read(from: number, take: (batch: TailBatch) => boolean): void {
    const count = this.#batches.length;
    let index = firstWhere(count, (i) => endOf(this.#at(i)) > from);
    while (index < count && take(this.#at(index))) index += 1;
  }

  /** The first position in memory that arrived at the time or later. */
  findByTime(timestampMs: number): number | undefined {
    const index = firstWhere(this.#batches.length, (i) => this.#at(i).arrivalMs >= timestampMs);
    return this.#batches.at(index)?.position;
  }

  /** Segments now hold everything before `end`. Returns the batches that became clean by it. */
  markWritten(end: number): TailBatch[] {
    const cleaned: TailBatch[] = [];
    for (let next = this.firstDirty; next !== undefined && endOf(next) <= end; next = this.firstDirty) {
      cleaned.push(next);
      this.#cleanCount += 1;
    }
    return cleaned;
  }

  /** Forgets the batches that lie wholly before the position. Returns the dirty ones among them. */
  dropBefore(position: number): TailBatch[] {
    const dropped: TailBatch[] = [];
    for (let next = this.first; next !== undefined && endOf(next) <= position; next = this.first) {
      if (this.#cleanCount === 0) dropped.push(next);
      this.dropFirst();
    }
    return dropped;
  }

  dropFirst(): void {
    this.#batches.shift();
    this.#cleanCount = Math.max(0, this.#cleanCount - 1);
  }

  #at(index: number): TailBatch {
    return this.#batches.at(index) as TailBatch;
  }
}
