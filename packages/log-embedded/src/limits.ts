import type { TurnLimits } from './turns.ts';

const MIB = 1024 * 1024;

/** Every bound of the engine. Sums of our own; the figures are defaults. */
export interface EmbeddedLimits {
  /** Bytes of appends on their way into the journal; others wait. */
  readonly appendingBytesMax: number;
  /** Appends that wait; one more is refused as `overloaded`, and so is one that has waited `appendWaitMs`. */
  readonly appendsWaitingMax: number;
  readonly appendsWaitingBytesMax: number;
  readonly appendWaitMs: number;
  /** One write and one sync of the journal take at most so much; a single larger change goes alone. */
  readonly groupBytesMax: number;
  readonly groupChangesMax: number;
  /** A journal file that has reached this size is followed by the next. */
  readonly journalFileBytesMax: number;
  /** Journal files that are not needed any more and are kept to be used again. */
  readonly spareJournalFilesMax: number;
  /** All other journal files together: what a start has to read, at most about. */
  readonly journalBytesMax: number;
  /** So many bytes that are in no segment yet start a round of write-behind. */
  readonly writeBehindBytes: number;
  /** Where more logs than this are in a round, it waits for proportionally more bytes. */
  readonly writeBehindLogs: number;
  /** Segments written at once by write-behind: the journal and readers find threads free. */
  readonly writeBehindFilesMax: number;
  /** What write-behind writes and syncs at a time: the journal waits behind no more on its way to the disk. */
  readonly writeBehindPortionBytes: number;
  /** At so many, appends wait for write-behind: memory and the journal stay bounded. */
  readonly dirtyBytesMax: number;
  /** Frames are carved off pieces of memory of this size; a frame larger than a quarter gets its own. */
  readonly slabBytes: number;
  /** Pieces kept for later although no frame is in them. */
  readonly spareSlabsMax: number;
  /** Newest batches kept in memory for readers although segments hold them. */
  readonly cleanTailBytesMax: number;
  /** A segment is followed by the next before it grows past this; a single larger batch goes alone. */
  readonly segmentBytesMax: number;
  /** So many new entries of a segment's index are written to its file together. */
  readonly indexEntriesMin: number;
  /**
   * A segment that spans this much time is followed by the next, if it holds `spanningBytesMin`: space comes back by
   * whole segments, so a log of little traffic keeps expired records no longer than this or no more than that.
   */
  readonly segmentSpanMsMax: number;
  readonly spanningBytesMin: number;
  /** Distance of two entries of a segment's index; about what a read has to skip. */
  readonly indexGapBytes: number;
  /** A read takes its bytes off the disk in pieces of this size, at most about; a larger batch is one of its own. */
  readonly portionBytesMax: number;
  /** Such pieces kept in memory, for readers who come to the same records soon after. */
  readonly portionCacheBytesMax: number;
  /** What reads behind memory may ask for all together at one time; others wait. */
  readonly readingBytesMax: number;
  /** Reads that wait; one more is refused as `overloaded`, and so is one that has waited `readWaitMs`. */
  readonly readsWaitingMax: number;
  readonly readWaitMs: number;
  /** Segment files kept open, each with its index in memory: 24 KiB for a full segment. */
  readonly openFilesMax: number;
  /** Segments opened at once by recovery. */
  readonly parallelFilesMax: number;
  /** How long write-behind rests after a full disk, unless appends wait for it. */
  readonly writeBehindRestMs: number;
}

export const DEFAULT_LIMITS: EmbeddedLimits = {
  appendingBytesMax: 64 * MIB,
  appendsWaitingMax: 1_000,
  appendsWaitingBytesMax: 512 * MIB,
  appendWaitMs: 2_000,
  groupBytesMax: 8 * MIB,
  groupChangesMax: 8192,
  journalFileBytesMax: 64 * MIB,
  spareJournalFilesMax: 3,
  journalBytesMax: 256 * MIB,
  writeBehindBytes: 32 * MIB,
  writeBehindLogs: 256,
  writeBehindFilesMax: 8,
  writeBehindPortionBytes: MIB,
  dirtyBytesMax: 256 * MIB,
  slabBytes: 4 * MIB,
  spareSlabsMax: 64,
  cleanTailBytesMax: 64 * MIB,
  segmentBytesMax: 64 * MIB,
  segmentSpanMsMax: 6 * 60 * 60 * 1000,
  spanningBytesMin: 4 * MIB,
  indexEntriesMin: 16,
  indexGapBytes: 64 * 1024,
  portionBytesMax: MIB,
  portionCacheBytesMax: 32 * MIB,
  readingBytesMax: 128 * MIB,
  readsWaitingMax: 10_000,
  readWaitMs: 10_000,
  openFilesMax: 2048,
  parallelFilesMax: 8,
  writeBehindRestMs: 1000,
};

export const readTurnLimits = (limits: EmbeddedLimits): TurnLimits => ({
  noun: 'reads',
  bytesMax: limits.readingBytesMax,
  waitingMax: limits.readsWaitingMax,
  // They hold nothing yet.
  waitingBytesMax: Number.POSITIVE_INFINITY,
  waitMs: limits.readWaitMs,
});

export const appendTurnLimits = (limits: EmbeddedLimits): TurnLimits => ({
  noun: 'appends',
  bytesMax: limits.appendingBytesMax,
  waitingMax: limits.appendsWaitingMax,
  waitingBytesMax: limits.appendsWaitingBytesMax,
  waitMs: limits.appendWaitMs,
});
