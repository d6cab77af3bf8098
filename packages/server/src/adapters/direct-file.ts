import { constants, type FileHandle, open } from 'node:fs/promises';
import { DiskError, type DiskFile, DURABLE_BLOCK_BYTES } from '@millrace/core';
import type { AlignedRooms } from './aligned-rooms.ts';
import { NodeFile, translated } from './node-file.ts';

const FLAGS = constants.O_RDWR | constants.O_DIRECT | constants.O_DSYNC;

/** The last bytes written that do not fill a block; the next write begins with them. */
interface Remainder {
  readonly end: number;
  readonly bytes: Buffer;
}

/** Waits for all of them, whatever becomes of the first. */
const allOf = async (writes: readonly Promise<void>[]): Promise<void> => {
  for (const outcome of await Promise.allSettled(writes)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
};

/**
 * Writes go to the disk past the system's cache, whole blocks at a time, and are there when they return: nothing is
 * copied for the cache, and no page of it has to be found. Reads go through the cache as ever. The last block is
 * filled up with zeros, which the next write replaces. One write at a time.
 */
export class DirectFile implements DiskFile {
  readonly isDurable = true;
  readonly #rooms: AlignedRooms;
  readonly #handle: FileHandle;
  readonly #cached: NodeFile;
  #remainder: Remainder | undefined;

  private constructor(rooms: AlignedRooms, handle: FileHandle, cached: NodeFile) {
    this.#rooms = rooms;
    this.#handle = handle;
    this.#cached = cached;
  }

  static async open(path: string, rooms: AlignedRooms, moreFlags: number): Promise<DirectFile> {
    const handle = await translated(open(path, FLAGS | moreFlags, 0o600));
    try {
      return new DirectFile(rooms, handle, new NodeFile(await translated(open(path, constants.O_RDONLY))));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async size(): Promise<number> {
    return (await translated(this.#handle.stat())).size;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    return this.#cached.read(target, offset);
  }

  async write(buffers: readonly Uint8Array[], offset: number): Promise<void> {
    const before = await this.#bytesBefore(offset);
    this.#remainder = undefined;
    this.#remainder = await this.#writeFrom([before, ...buffers], offset - before.length);
  }

  async truncate(size: number): Promise<void> {
    this.#remainder = undefined;
    await translated(this.#handle.truncate(size));
  }

  async sync(): Promise<void> {
    await translated(this.#handle.datasync());
  }

  async close(): Promise<void> {
    await this.#cached.close();
    await translated(this.#handle.close());
  }

  /** Of the block in which `offset` lies, what stands before it. */
  async #bytesBefore(offset: number): Promise<Buffer> {
    if (this.#remainder?.end === offset) return this.#remainder.bytes;
    const bytes = Buffer.alloc(offset % DURABLE_BLOCK_BYTES);
    if (bytes.length > 0) await this.read(bytes, offset - bytes.length);
    return bytes;
  }

  /** `offset` is that of a block. Rooms go out as they are full, side by side: all must arrive. */
  async #writeFrom(buffers: readonly Uint8Array[], offset: number): Promise<Remainder> {
    const writes: Promise<void>[] = [];
    let room = await this.#rooms.take();
    let at = offset;
    let filled = 0;
    for (const buffer of buffers) {
      for (let taken = 0; taken < buffer.length; ) {
        if (filled === room.length) {
          const write = this.#writeOut(room, filled, at);
          // It may fail while a room is waited for; that is told at the end.
          write.catch(() => undefined);
          writes.push(write);
          at += filled;
          filled = 0;
          room = await this.#rooms.take();
        }
        const part = buffer.subarray(taken, taken + room.length - filled);
        room.set(part, filled);
        taken += part.length;
        filled += part.length;
      }
    }
    const over = filled % DURABLE_BLOCK_BYTES;
    const bytes = Buffer.from(room.subarray(filled - over, filled));
    room.fill(0, filled, filled - over + (over === 0 ? 0 : DURABLE_BLOCK_BYTES));
    writes.push(this.#writeOut(room, Math.ceil(filled / DURABLE_BLOCK_BYTES) * DURABLE_BLOCK_BYTES, at));
    await allOf(writes);
    return { end: at + filled, bytes };
  }

  async #writeOut(room: Buffer, bytes: number, offset: number): Promise<void> {
    try {
      await this.#writeBlocks(room, bytes, offset);
    } finally {
      this.#rooms.give(room);
    }
  }

  /** The system may write less than asked, for instance when the disk fills up: the next try says why. */
  async #writeBlocks(room: Buffer, bytes: number, offset: number): Promise<void> {
    for (let done = 0; done < bytes; ) {
      const { bytesWritten } = await translated(this.#handle.write(room, done, bytes - done, offset + done));
      const blockBytes = bytesWritten - (bytesWritten % DURABLE_BLOCK_BYTES);
      if (blockBytes === 0) throw new DiskError('broken', 'the system wrote nothing and gave no error');
      done += blockBytes;
    }
  }
}
