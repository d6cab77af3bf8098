import type { DiskFile } from '@millrace/core';
import { type Batch, endOf } from './batch.ts';
import type { BatchReader } from './batch-reader.ts';
import { BatchScan } from './batch-scan.ts';
import type { RecordCollector } from './record-collector.ts';
import { SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';
import { firstOf, type IndexDeps, segmentBytesOf, withIndex } from './segment-index.ts';
import type { IndexEntry } from './sparse-index.ts';

const collect = async (
  scan: BatchScan,
  collector: RecordCollector,
  take: (batch: Batch) => boolean,
): Promise<void> => {
  while (!collector.isFull) {
    const batches = await scan.next();
    if (batches.length === 0) return;
    if (!batches.every(take)) return;
  }
};

/** Reads what is no longer in memory. Damage is thrown as `corrupt`, and never returned as data. */
export class SegmentReader {
  readonly #files: SegmentFiles;
  readonly #batches: BatchReader;
  readonly #deps: IndexDeps;

  constructor(files: SegmentFiles, batches: BatchReader, deps: IndexDeps) {
    this.#files = files;
    this.#batches = batches;
    this.#deps = deps;
  }

  /** From `from` on, which lies in the segment, until the collector is full or the segment ends. */
  read(segment: Segment, from: number, collector: RecordCollector): Promise<void> {
    return this.#files.use(segment, (file) =>
      withIndex(segment, file, this.#deps, async (index) => {
        const scan = await this.#scan(segment, file, index.floor(from), collector.bytesLeft);
        try {
          await collect(
            scan,
            collector,
            (batch) => endOf(batch) <= from || this.#batches.read(batch, from, collector),
          );
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
  firstArrivalMs(segment: Segment): Promise<number> {
    return this.#files.use(segment, (file) =>
      withIndex(segment, file, this.#deps, async (index) => {
        const first = index.before(0);
        if (first === undefined) throw segment.corrupt(SEGMENT_HEADER_BYTES, 'no first batch');
        return first.arrivalMs;
      }),
    );
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
