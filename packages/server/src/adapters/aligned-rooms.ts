import { constants, type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DURABLE_BLOCK_BYTES } from '@millrace/core';

const ROOM_BYTES = 1024 * 1024;
/** Enough for a group of the journal and the pieces of write-behind at the same time. */
const ROOM_COUNT = 10;
/** Addresses of large allocations differ from a page's beginning by what the allocator keeps in front of them. */
const ADDRESS_STEP_BYTES = 16;
const PROBE_FILE = 'direct-write.probe';

/**
 * Buffers whose memory begins where a disk's block could: from these, and only from these, the system writes to the
 * disk without copying what it writes into its own cache first. Who finds none free waits for the next.
 */
export class AlignedRooms {
  readonly #free: Buffer[];
  readonly #waiting: ((room: Buffer) => void)[] = [];

  private constructor(rooms: Buffer[]) {
    this.#free = rooms;
  }

  /** Undefined where the directory's file system has no such writes, or cannot be written to at all. */
  static async for(directory: string): Promise<AlignedRooms | undefined> {
    const path = join(directory, PROBE_FILE);
    try {
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_DIRECT;
      const file = await open(path, flags, 0o600);
      try {
        const rooms: Buffer[] = [];
        for (let count = 0; count < ROOM_COUNT; count++) rooms.push(await alignedRoom(file));
        return new AlignedRooms(rooms);
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  /** To be given back. */
  async take(): Promise<Buffer> {
    return this.#free.pop() ?? new Promise<Buffer>((resolve) => this.#waiting.push(resolve));
  }

  give(room: Buffer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(room);
    else next(room);
  }
}

/** A program cannot ask for an address; the system refuses those that it cannot use. */
const alignedRoom = async (file: FileHandle): Promise<Buffer> => {
  const memory = new ArrayBuffer(ROOM_BYTES + DURABLE_BLOCK_BYTES);
  let refusal: unknown;
  for (let start = DURABLE_BLOCK_BYTES - ADDRESS_STEP_BYTES; start >= 0; start -= ADDRESS_STEP_BYTES) {
    try {
      const room = Buffer.from(memory, start, ROOM_BYTES);
      await file.write(room, 0, DURABLE_BLOCK_BYTES, 0);
      return room;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
};
