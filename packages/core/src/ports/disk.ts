/**
 * A directory tree as an argument. Paths are relative to its root, with `/` between names.
 * Failures are `DiskError`s, so that a caller can tell a full disk from a broken one.
 */
export interface Disk {
  /** Makes the directory and its parents; one that exists is left alone. */
  makeDirectory(path: string): Promise<void>;
  /** Names in the directory, sorted; empty when there is no such directory. */
  list(path: string): Promise<string[]>;
  open(path: string, options?: OpenOptions): Promise<DiskFile>;
  /** Removes a file, or a directory with all it holds; a missing one is left alone. */
  remove(path: string): Promise<void>;
  /** Replaces `to` in one step. Durable once the directory is synced. */
  rename(from: string, to: string): Promise<void>;
  /** After this, names made, renamed or removed in the directory survive power loss. */
  syncDirectory(path: string): Promise<void>;
}

/** What is written durably may be filled up with zeros to a multiple of this, at the most. */
export const DURABLE_BLOCK_BYTES = 4096;

/** A file is opened for reading and writing. */
export interface OpenOptions {
  /** Makes the file when it is missing; else that is `not-found`. */
  readonly create?: boolean;
  /**
   * Asks for a file whose writes are durable; a disk that cannot do it by itself gives any other. Such a file is
   * written from front to back: what follows in the last block that is written to may be cleared, even past the end
   * of the file.
   */
  readonly durable?: boolean;
}

export interface DiskFile {
  /** Every `write` has the effect of a `sync` after it, in one go. */
  readonly isDurable?: boolean;
  size(): Promise<number>;
  /** Fills `target` from byte `offset` on; returns how many bytes there were (fewer at the end of the file). */
  read(target: Uint8Array, offset: number): Promise<number>;
  /** Writes all buffers one after the other from byte `offset` on. Survives power loss only after `sync`. */
  write(buffers: readonly Uint8Array[], offset: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** After this, what was written survives power loss (`fdatasync`). After a failure nothing may be assumed. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type DiskErrorCode = 'not-found' | 'full' | 'read-only' | 'too-many-open-files' | 'broken';

export class DiskError extends Error {
  readonly code: DiskErrorCode;
  constructor(code: DiskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DiskError';
    this.code = code;
  }
}
