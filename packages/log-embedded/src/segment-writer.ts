import assert from 'node:assert/strict';
import type { Disk, DiskFile } from '@millrace/core';
import { endOf } from './batch.ts';
import { asLogError } from './errors.ts';
import { writeIndexFile } from './index-file.ts';
import type { EmbeddedLimits } from './limits.ts';
import type { LogState } from './log-state.ts';
import { LOGS, logDirectory } from './paths.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';
import { type IndexDeps, loadIndex } from './segment-index.ts';
import { type IndexEntry, SparseIndex } from './sparse-index.ts';
import type { TailBatch } from './tail.ts';

/** What one round adds to one segment. */
interface Piece {
  readonly segment: Segment;
  readonly isNew: boolean;
  /** Where the batches go. */
  readonly offset: number;
  readonly batches: TailBatch[];
  bytes: number;
}

/** What one round adds to one log: on disk, but in nobody's way until it is adopted. */
export interface Written {
  readonly log: LogState;
  /** Position after the last batch of it. */
  readonly end: number;
  adopt(): void;
}

const pieceOf = (segment: Segment, isNew: boolean): Piece => {
  assert(segment.bytes !== undefined, `the size of ${segment.path} is not known`);
  return { segment, isNew, offset: segment.bytes, batches: [], bytes: 0 };
};

const newPiece = (log: LogState, position: number): Piece =>
  pieceOf(new Segment(log, position, position, SEGMENT_HEADER_BYTES), true);

/** The log's last segment goes on if the batch follows on it; segments in the middle of a log are never written to. */
const firstPiece = (log: LogState, batch: TailBatch): Piece => {
  const last = log.segments.last;
  const goesOn = last !== undefined && last.end === batch.position && !last.isDamaged;
  return goesOn ? pieceOf(last, false) : newPiece(log, batch.position);
};

const piecesOf = (log: LogState, batches: readonly TailBatch[], segmentBytesMax: number): Piece[] => {
  const pieces: Piece[] = [];
  let piece: Piece | undefined;
  for (const batch of batches) {
    piece ??= firstPiece(log, batch);
    const size = piece.offset + piece.bytes;
    if (size > SEGMENT_HEADER_BYTES && size + batch.bytes.length > segmentBytesMax) {
      piece = newPiece(log, batch.position);
    }
    if (pieces.at(-1) !== piece) pieces.push(piece);
    piece.batches.push(batch);
    piece.bytes += batch.bytes.length;
  }
  return pieces;
};

/** Appends dirty batches to segments, and makes that durable. */
export class SegmentWriter {
  readonly #files: SegmentFiles;
  readonly #deps: IndexDeps;

  constructor(files: SegmentFiles, deps: IndexDeps) {
    this.#files = files;
    this.#deps = deps;
  }

  get #disk(): Disk {
    return this.#deps.disk;
  }

  get #limits(): EmbeddedLimits {
    return this.#deps.limits;
  }

  /** Writes all batches of the log that are dirty now. Undone by doing nothing: nobody looks past a segment's end. */
  async write(log: LogState): Promise<Written> {
    await this.#lookAtLast(log);
    const batches = log.tail.dirty();
    const pieces = piecesOf(log, batches, this.#limits.segmentBytesMax);
    if (pieces.some(({ isNew }) => isNew)) await this.#makeDirectory(log);
    const indexed: (() => void)[] = [];
    for (const piece of pieces) indexed.push(await this.#writePiece(piece));
    if (pieces.some(({ isNew }) => isNew)) await this.#disk.syncDirectory(logDirectory(log.id));
    return {
      log,
      end: batches.reduce((_, batch) => endOf(batch), log.writtenEnd),
      adopt: () => {
        for (const piece of pieces) adoptPiece(log, piece);
        for (const adoptEntries of indexed) adoptEntries();
      },
    };
  }

  /** A last segment that a bad disk has damaged is left as it is; a new one goes on. */
  async #lookAtLast({ segments: { last } }: LogState): Promise<void> {
    if (last === undefined || last.index !== undefined || last.isDamaged) return;
    try {
      await this.#files.use(last, (file) => loadIndex(last, file, this.#deps));
    } catch (error) {
      const found = asLogError(error, last.path);
      if (found.code !== 'corrupt') throw error;
      last.isDamaged = true;
      this.#deps.onEvent({ kind: 'corrupt', error: found });
    }
  }

  async #makeDirectory(log: LogState): Promise<void> {
    if (log.segments.last !== undefined) return;
    await this.#disk.makeDirectory(logDirectory(log.id));
    await this.#disk.syncDirectory(LOGS);
  }

  /** Returns what puts the piece's entries into the index in memory. */
  #writePiece(piece: Piece): Promise<() => void> {
    const { segment, isNew, batches, offset } = piece;
    const work = async (file: DiskFile): Promise<() => void> => {
      const index = await this.#indexOf(segment, isNew, file);
      const buffers = batches.map(({ bytes }) => bytes);
      // A round that failed may have left something under the same name.
      if (isNew) await file.truncate(0);
      if (isNew) await file.write([encodeSegmentHeader(segment), ...buffers], 0);
      else await file.write(buffers, offset);
      await file.sync();
      const entries = this.#entriesOf(piece, index);
      await writeIndexFile(this.#disk, segment.indexPath, index.length, entries);
      return () => {
        for (const entry of entries) index.offer(entry);
      };
    };
    return this.#files.use(segment, work, { create: isNew });
  }

  async #indexOf(segment: Segment, isNew: boolean, file: DiskFile): Promise<SparseIndex> {
    if (!isNew) return segment.index ?? (await loadIndex(segment, file, this.#deps));
    segment.index = new SparseIndex(this.#limits.indexGapBytes);
    segment.index.isVerified = true;
    return segment.index;
  }

  /** Those of the piece's batches that the index is going to take. */
  #entriesOf(piece: Piece, index: SparseIndex): IndexEntry[] {
    const entries: IndexEntry[] = [];
    let offset = piece.offset;
    let lastOffset = index.last?.offset ?? Number.NEGATIVE_INFINITY;
    for (const { position, arrivalMs, bytes } of piece.batches) {
      if (offset >= lastOffset + this.#limits.indexGapBytes) {
        entries.push({ position, arrivalMs, offset });
        lastOffset = offset;
      }
      offset += bytes.length;
    }
    return entries;
  }
}

const adoptPiece = (log: LogState, { segment, isNew, offset, batches, bytes }: Piece): void => {
  const last = batches.at(-1);
  if (last === undefined) return;
  segment.bytes = offset + bytes;
  segment.end = endOf(last);
  if (isNew) log.segments.add(segment);
};
