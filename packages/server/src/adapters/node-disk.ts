import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, DiskError, type DiskErrorCode, type DiskFile } from '@millrace/core';

const CODES: Readonly<Record<string, DiskErrorCode>> = {
  ENOENT: 'not-found',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EMFILE: 'too-many-open-files',
  ENFILE: 'too-many-open-files',
};

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Turns the operating system's error into the port's. */
const translated = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DiskError(CODES[errorCode(error)] ?? 'broken', message, { cause: error });
  }
};

class NodeFile implements DiskFile {
  readonly #handle: FileHandle;
  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async size(): Promise<number> {
    return (await translated(this.#handle.stat())).size;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const reading = this.#handle.read(target, done, target.length - done, offset + done);
      const { bytesRead } = await translated(reading);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async write(buffers: readonly Uint8Array[], offset: number): Promise<void> {
    const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const { bytesWritten } = await translated(this.#handle.writev([...buffers], offset));
    if (bytesWritten < total) await this.#finish(Buffer.concat(buffers), bytesWritten, offset);
  }

  /** The system may write less than asked, for instance when the disk fills up: the next try says why. */
  async #finish(bytes: Uint8Array, written: number, offset: number): Promise<void> {
    let done = written;
    while (done < bytes.length) {
      const writing = this.#handle.write(bytes, done, bytes.length - done, offset + done);
      const { bytesWritten } = await translated(writing);
      if (bytesWritten === 0) throw new DiskError('broken', 'the system wrote nothing and gave no error');
      done += bytesWritten;
    }
  }

  async truncate(size: number): Promise<void> {
    await translated(this.#handle.truncate(size));
  }

  async sync(): Promise<void> {
    await translated(this.#handle.datasync());
  }

  async close(): Promise<void> {
    await translated(this.#handle.close());
  }
}

/** The directory tree below `root`, readable by its owner alone. */
export const nodeDisk = (root: string): Disk => ({
  async makeDirectory(path) {
    await translated(mkdir(join(root, path), { recursive: true, mode: 0o700 }));
  },

  async list(path) {
    try {
      return (await translated(readdir(join(root, path)))).sort();
    } catch (error) {
      if (error instanceof DiskError && error.code === 'not-found') return [];
      throw error;
    }
  },

  async open(path, { create = false } = {}) {
    const file = join(root, path);
    try {
      return new NodeFile(await translated(open(file, 'r+')));
    } catch (error) {
      if (!create || !(error instanceof DiskError) || error.code !== 'not-found') throw error;
      return new NodeFile(await translated(open(file, 'wx+', 0o600)));
    }
  },

  async remove(path) {
    await translated(rm(join(root, path), { recursive: true, force: true }));
  },

  async rename(from, to) {
    await translated(rename(join(root, from), join(root, to)));
  },

  async syncDirectory(path) {
    // Windows has no such call: there a rename is durable by itself.
    if (process.platform === 'win32') return;
    const directory = await translated(open(join(root, path), 'r'));
    try {
      await translated(directory.sync());
    } finally {
      await directory.close();
    }
  },
});
