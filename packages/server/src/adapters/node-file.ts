import type { FileHandle } from 'node:fs/promises';
import { DiskError, type DiskErrorCode, type DiskFile } from '@millrace/core';

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
export const translated = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DiskError(CODES[errorCode(error)] ?? 'broken', message, { cause: error });
  }
};

export class NodeFile implements DiskFile {
  readonly #handle: FileHandle;
  readonly isDurable: boolean;
  constructor(handle: FileHandle, isDurable = false) {
    this.#handle = handle;
    this.isDurable = isDurable;
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
