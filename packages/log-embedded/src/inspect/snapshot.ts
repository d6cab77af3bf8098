/** A file of a snapshot, and how much of it counts. */
export interface SnapshotFile {
  readonly path: string;
  /** Undefined: all of it; it does not change any more. */
  readonly bytes: number | undefined;
}

/**
 * A store as it stood at one moment: which files, and how much of each. It is what a crash at that moment would
 * have left, so opening a copy of it brings back everything that was acknowledged by then.
 */
export interface Snapshot {
  /** The manifest's bytes, since its file is replaced while the store goes on. */
  readonly manifest: Uint8Array;
  /** Journal files by rising number, up to the last group that was durable. */
  readonly journal: readonly SnapshotFile[];
  readonly segments: readonly SnapshotFile[];
}

/** The store keeps its files for whoever copies or reads them, until they are released. */
export interface HeldSnapshot extends Snapshot {
  /** Aborts when the store cannot keep the files any longer; the reason says why. */
  readonly givenUp: AbortSignal;
  /** The journal has been copied: it may be cut again. */
  releaseJournal(): void;
  release(): void;
}
