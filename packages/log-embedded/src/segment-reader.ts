import type { DiskFile } from '@millrace/core';
import { endOf } from './batch.ts';
import type { BatchReader } from './batch-reader.ts';
import { BatchScan } from './batch-scan.ts';
import { hasCode } from './errors.ts';
import { Portions } from './portions.ts';
import type { RecordCollector } from './record-collector.ts';
import { SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';
import { firstOf, type IndexDeps, segmentBytesOf, withIndex } from './segment-index.ts';
import type { IndexEntry, SparseIndex } from './sparse-index.ts';
import type { Turns } from './turns.ts';

const unlessCorrupt = (error: unknown): undefined => {
  if (!hasCode(error, 'corrupt')) throw error;
};

/** Reads what is no longer in memory. Damage is thrown as `corrupt`, and never returned as data. */
export class SegmentReader {
  readonly #files: SegmentFiles;
  readonly #portions: Portions;
  readonly #batches: BatchReader;
  readonly #turns: Turns;
  readonly #deps: IndexDeps;

  constructor(files: SegmentFiles, batches: BatchReader, turns: Turns, deps: IndexDeps) {
    this.#files = files;
    this.#portions = new Portions(files, deps.limits);
    this.#batches = batches;
    this.#turns = turns;
    this.#deps = deps;
  }

  /** From `from` on, which lies in the segment, until the collector is full or the segment ends. */
  read(segment: Segment, from: number, collector: RecordCollector): Promise<void> {
    return this.#turns.run(collector.bytesLeft, () => this.#read(segment, from, collector));
  }

  #read(segment: Segment, from: number, collector: RecordCollector): Promise<void> {
    return this.#files.use(segment, (file) =>
      withIndex(segment, file, this.#deps, async (index) => {
        const reached = await this.#collectPortions(segment, index, from, collector);
        if (reached === undefined) return;
        try {
          await this.#collectBatches(segment, file, index, reached, collector);
        } catch (error) {
          // What was read is good; whoever asks for more is told.
          if (collector.records.length === 0) throw error;
        }
        if (collector.records.length === 0) {
          throw segment.corrupt(segment.bytes ?? 0, `ends before position ${from}`);
        }
      }),
    );
  }

  /** The first position of the segment that arrived at the time or later; undefined when all are older. */
  findByTime(segment: Segment, timestampMs: number): Promise<number | undefined> {
    return this.#files.use(segment, (file) =>
      withIndex(segment, file, this.#deps, async (index) => {
        const scan = await this.#scan(segment, file, index.before(timestampMs), 0);
        for (;;) {
          const batches = await scan.next();
          if (batches.length === 0) return undefined;
          const found = batches.find((batch) => batch.arrivalMs >= timestampMs);
          if (found !== undefined) return found.position;
        }
      }),
    );
  }

  /** When the segment's first batch arrived. */
  async firstArrivalMs(segment: Segment): Promise<number> {
    segment.firstArrivalMs ??= await this.#files.use(segment, (file) =>
      withIndex(segment, file, this.#deps, async (index) => {
        const first = index.before(0);
        if (first === undefined) throw segment.corrupt(SEGMENT_HEADER_BYTES, 'no first batch');
        return first.arrivalMs;
      }),
    );
    return segment.firstArrivalMs;
  }

  /** Returns the position before a portion that is damaged somewhere; undefined when the reader has what it wanted. */
  async #collectPortions(
    segment: Segment,
    index: SparseIndex,
    from: number,
    collector: RecordCollector,
  ): Promise<number | undefined> {
    let position = from;
    while (!collector.isFull && position < segment.end) {
      const portion = await this.#portions.at(segment, index, position).catch(unlessCorrupt);
      if (portion === undefined) return position;
      const isSequential = position > from || !collector.isFilledBy(portion.end - position, portion.bytes);
      if (isSequential) this.#portions.ahead(segment, index, portion.end);
      for (const batch of portion.batches) {
        if (endOf(batch) > position && !this.#batches.read(batch, position, collector)) return undefined;
      }
      position = portion.end;
    }
    return undefined;
  }

  /** Batch by batch up to the damage itself. */
  async #collectBatches(
    segment: Segment,
    file: DiskFile,
    index: SparseIndex,
    from: number,
    collector: RecordCollector,
  ): Promise<void> {
    const scan = await this.#scan(segment, file, index.floor(from), collector.bytesLeft);
    while (!collector.isFull) {
      const batches = await scan.next();
      if (batches.length === 0) return;
      for (const batch of batches) {
        if (endOf(batch) > from && !this.#batches.read(batch, from, collector)) return;
      }
    }
  }

  /** One portion takes what is wanted, what has to be skipped before it, and no more than fits well. */
  async #scan(
    segment: Segment,
    file: DiskFile,
    entry: IndexEntry | undefined,
    wantedBytes: number,
  ): Promise<BatchScan> {
    const { indexGapBytes, portionBytesMax } = this.#deps.limits;
    const from = entry ?? firstOf(segment);
    const portionBytes = Math.min(wantedBytes + 2 * indexGapBytes, portionBytesMax);
    return new BatchScan(file, segment, await segmentBytesOf(segment, file), from, portionBytes);
  }
}
