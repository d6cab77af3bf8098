const MIB = 1024 * 1024;

/** Every bound of the engine. Sums of our own; the figures are defaults. */
export interface EmbeddedLimits {
  /** Bytes of changes that are not yet durable. When so many wait, appends are refused as `overloaded`. */
  readonly waitingBytesMax: number;
  /** One write and one sync of the journal take at most so much; a single larger change goes alone. */
  readonly groupBytesMax: number;
  readonly groupChangesMax: number;
  /** A journal file that has reached this size is followed by the next. */
  readonly journalFileBytesMax: number;
  /** All journal files together: what a start has to read, at most about. */
  readonly journalBytesMax: number;
  /** So many bytes that are in no segment yet start a round of write-behind. */
  readonly writeBehindBytes: number;
  /** At so many, appends wait for write-behind: memory and the journal stay bounded. */
  readonly dirtyBytesMax: number;
  /** Newest batches kept in memory for readers although segments hold them. */
  readonly cleanTailBytesMax: number;
  /** A segment is followed by the next before it grows past this; a single larger batch goes alone. */
  readonly segmentBytesMax: number;
  /** Distance of two entries of a segment's index; about what a read has to skip. */
  readonly indexGapBytes: number;
  /** A read takes its bytes off the disk in pieces of this size, at most about. */
  readonly portionBytesMax: number;
  /** Segment files kept open. */
  readonly openFilesMax: number;
  /** Segments written at once by write-behind, and opened at once by recovery. */
  readonly parallelFilesMax: number;
  /** How long write-behind rests after a full disk, unless appends wait for it. */
  readonly writeBehindRestMs: number;
}

export const DEFAULT_LIMITS: EmbeddedLimits = {
  waitingBytesMax: 64 * MIB,
  groupBytesMax: 8 * MIB,
  groupChangesMax: 1024,
  journalFileBytesMax: 64 * MIB,
  journalBytesMax: 256 * MIB,
  writeBehindBytes: 64 * MIB,
  dirtyBytesMax: 256 * MIB,
  cleanTailBytesMax: 64 * MIB,
  segmentBytesMax: 64 * MIB,
  indexGapBytes: 64 * 1024,
  portionBytesMax: MIB,
  openFilesMax: 256,
  parallelFilesMax: 8,
  writeBehindRestMs: 1000,
};
