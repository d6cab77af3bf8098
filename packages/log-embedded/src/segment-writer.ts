import assert from 'node:assert/strict';
import type { Disk, DiskFile } from '@millrace/core';
import { endOf } from './batch.ts';
import { asLogError, isNotFound } from './errors.ts';
import type { FrameMemory } from './frame-memory.ts';
import { writeIndexFile } from './index-file.ts';
import type { EmbeddedLimits } from './limits.ts';
import type { LogState } from './log-state.ts';
import { LOGS, logDirectory } from './paths.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';
import { type IndexDeps, loadIndex } from './segment-index.ts';
import { inFewPieces } from './slab.ts';
import { type IndexEntry, SparseIndex } from './sparse-index.ts';
import type { TailBatch } from './tail.ts';
import { writeDurably } from './write-durably.ts';

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

/** Whether the batch belongs into the next segment: it does not fit, or it came long after the first. */
const isFull = (piece: Piece, batch: TailBatch, limits: EmbeddedLimits): boolean => {
  const { segment, batches } = piece;
  const size = piece.offset + piece.bytes;
  if (size <= SEGMENT_HEADER_BYTES) return false;
  const first = segment.index?.before(0) ?? batches[0] ?? batch;
  const spanMs = batch.arrivalMs - first.arrivalMs;
  const spansEnough = spanMs >= limits.segmentSpanMsMax && size >= limits.spanningBytesMin;
  return spansEnough || size + batch.bytes.length > limits.segmentBytesMax;
};

const piecesOf = (log: LogState, batches: readonly TailBatch[], limits: EmbeddedLimits): Piece[] => {
  const pieces: Piece[] = [];
  let piece: Piece | undefined;
  for (const batch of batches) {
    piece ??= firstPiece(log, batch);
    if (isFull(piece, batch, limits)) piece = newPiece(log, batch.position);
    if (pieces.at(-1) !== piece) pieces.push(piece);
    piece.batches.push(batch);
    piece.bytes += batch.bytes.length;
  }
  return pieces;
};

/** The buffers in order, cut into portions of about so many bytes. */
const portionsOf = (buffers: readonly Buffer[], portionBytes: number): Buffer[][] => {
  const portions: Buffer[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const buffer of buffers) {
    if (bytes >= portionBytes) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(buffer);
    bytes += buffer.length;
  }
  return portions;
};

/** Appends dirty batches to segments, and makes that durable. */
export class SegmentWriter {
  readonly #files: SegmentFiles;
  readonly #frameMemory: FrameMemory;
  readonly #deps: IndexDeps;
  /** Entries that are in an index but not in its file. */
  readonly #unwritten = new WeakMap<SparseIndex, readonly IndexEntry[]>();
  readonly #unsyncedDirectories = new Set<string>();

  constructor(files: SegmentFiles, frameMemory: FrameMemory, deps: IndexDeps) {
    this.#files = files;
    this.#frameMemory = frameMemory;
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
    // A trim may drop them meanwhile, and their memory must not be used again while it is being written.
    for (const batch of batches) this.#frameMemory.retain(batch);
    try {
      return await this.#writeBatches(log, batches);
    } finally {
      for (const batch of batches) this.#frameMemory.release(batch);
    }
  }

  /** Makes the directories of logs that have none. */
  async makeDirectories(logs: readonly LogState[]): Promise<void> {
    const without = logs.filter(({ segments }) => segments.last === undefined);
    for (const { id } of without) await this.#disk.makeDirectory(logDirectory(id));
    if (without.length > 0) await this.#disk.syncDirectory(LOGS);
  }

  /** Makes the names of new segments durable. Once for all that were written, since each waits for the system. */
  async syncNames(): Promise<void> {
    for (const directory of this.#unsyncedDirectories) {
      try {
        await this.#disk.syncDirectory(directory);
      } catch (error) {
        // The log has been deleted since.
        if (!isNotFound(error)) throw error;
      }
      this.#unsyncedDirectories.delete(directory);
    }
  }

  async #writeBatches(log: LogState, batches: readonly TailBatch[]): Promise<Written> {
    const pieces = piecesOf(log, batches, this.#limits);
    if (pieces.some(({ isNew }) => isNew)) this.#unsyncedDirectories.add(logDirectory(log.id));
    const indexed: (() => void)[] = [];
    for (const piece of pieces) indexed.push(await this.#writePiece(piece, piece !== pieces.at(-1)));
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

  /** Returns what puts the piece's entries into the index in memory. */
  #writePiece(piece: Piece, isComplete: boolean): Promise<() => void> {
    const { segment, isNew } = piece;
    const work = async (file: DiskFile): Promise<() => void> => {
      const index = await this.#indexOf(segment, isNew, file);
      // A round that failed may have left something under the same name.
      if (isNew) await file.truncate(0);
      await this.#writeBytes(piece, file);
      return this.#writeEntries(piece, index, isNew || isComplete);
    };
    return this.#files.use(segment, work, { create: isNew, durable: true });
  }

  async #writeBytes({ segment, isNew, batches, offset }: Piece, file: DiskFile): Promise<void> {
    const frames = batches.map(({ bytes }) => bytes);
    const buffers = isNew ? [encodeSegmentHeader(segment), ...frames] : frames;
    let at = isNew ? 0 : offset;
    for (const portion of portionsOf(buffers, this.#limits.writeBehindPortionBytes)) {
      await writeDurably(file, inFewPieces(portion), at);
      at += portion.reduce((sum, { length }) => sum + length, 0);
    }
  }

  /**
   * The index file is written to when there is enough for it: opening it costs more than writing. What it lacks
   * after a crash is added from the segment.
   */
  async #writeEntries(piece: Piece, index: SparseIndex, isDue: boolean): Promise<() => void> {
    const added = this.#entriesOf(piece, index);
    const waiting = this.#unwritten.get(index) ?? [];
    const unwritten = [...waiting, ...added];
    const isWritten = isDue || unwritten.length >= this.#limits.indexEntriesMin;
    if (isWritten) {
      const written = index.length - waiting.length;
      await writeIndexFile(this.#disk, piece.segment.indexPath, written, unwritten);
    }
    return () => {
      for (const entry of added) index.offer(entry);
      this.#unwritten.set(index, isWritten ? [] : unwritten);
    };
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
