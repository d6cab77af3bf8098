import { Buffer } from 'node:buffer';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Rooms have few sizes, so that a spare one fits the next body too. */
const SMALLEST_BYTES = 64 * KIBIBYTE;
const LARGEST_BYTES = 4 * MEBIBYTE;
/** What may lie idle; what is given back beyond it goes to the garbage collector. */
const SPARE_BYTES_MAX = 32 * MEBIBYTE;

/** The size of the room that a body of so many bytes gets. Small ones and large ones, which are rare, fit exactly. */
export const roomBytesFor = (bytes: number): number => {
  if (bytes < SMALLEST_BYTES || bytes > LARGEST_BYTES) return bytes;
  let size = SMALLEST_BYTES;
  while (size < bytes) size *= 2;
  return size;
};

/**
 * Memory for bodies that is used again: fresh memory costs more than what is written into it, since the kernel
 * clears every page of it, and the garbage collector has to find it.
 */
export class SpareRooms {
  readonly #bySize = new Map<number, Buffer[]>();
  #bytes = 0;

  /** Not cleared. `roomBytes` is what `roomBytesFor` has said. */
  take(roomBytes: number): Buffer {
    const spare = this.#bySize.get(roomBytes)?.pop();
    if (spare === undefined) return Buffer.allocUnsafeSlow(roomBytes);
    this.#bytes -= roomBytes;
    return spare;
  }

  /** Nobody may look at the room afterwards. */
  give(room: Buffer): void {
    const { length } = room;
    if (length < SMALLEST_BYTES || length > LARGEST_BYTES) return;
    if (this.#bytes + length > SPARE_BYTES_MAX) return;
    this.#bytes += length;
    const spares = this.#bySize.get(length);
    if (spares === undefined) this.#bySize.set(length, [room]);
    else spares.push(room);
  }
}
