interface Slab {
  readonly memory: ArrayBuffer;
  used: number;
  /** Pieces that are in use, and one more while new ones are carved from it. */
  users: number;
}

/**
 * The memory that frames are in. They are carved off slabs, one behind the other, so that a group of them can be
 * written in few pieces, and a slab is used again when nobody uses any piece of it: in steady state, nothing is
 * taken from the system or left to the garbage collector. Memory lets go of the oldest batches first, so a slab
 * lives little longer than each of its frames.
 *
 * Who takes a piece releases it, once, and does not look at it afterwards.
 */
export class Slabs {
  readonly #slabBytes: number;
  readonly #spareSlabsMax: number;
  readonly #slabs = new Map<ArrayBufferLike, Slab>();
  readonly #spares: Slab[] = [];
  #current: Slab | undefined;

  constructor(slabBytes: number, spareSlabsMax: number) {
    this.#slabBytes = slabBytes;
    this.#spareSlabsMax = spareSlabsMax;
  }

  /** Not cleared. */
  readonly take = (bytes: number): Buffer => {
    // So that a slab is left with no more than a quarter unused.
    if (bytes * 4 > this.#slabBytes) return Buffer.allocUnsafeSlow(bytes);
    const slab = this.#slabFor(bytes);
    const piece = Buffer.from(slab.memory, slab.used, bytes);
    slab.used += bytes;
    slab.users += 1;
    return piece;
  };

  /** One more user of the piece. */
  retain(piece: Uint8Array): void {
    const slab = this.#slabs.get(piece.buffer);
    if (slab !== undefined) slab.users += 1;
  }

  /** Bytes from elsewhere are left alone. */
  release(piece: Uint8Array): void {
    const slab = this.#slabs.get(piece.buffer);
    if (slab !== undefined) this.#leave(slab);
  }

  #slabFor(bytes: number): Slab {
    const current = this.#current;
    if (current !== undefined && current.used + bytes <= this.#slabBytes) return current;
    const next = this.#spares.pop() ?? this.#newSlab();
    next.users = 1;
    this.#current = next;
    if (current !== undefined) this.#leave(current);
    return next;
  }

  #newSlab(): Slab {
    const memory = Buffer.allocUnsafeSlow(this.#slabBytes).buffer;
    const slab = { memory, used: 0, users: 0 };
    this.#slabs.set(memory, slab);
    return slab;
  }

  #leave(slab: Slab): void {
    slab.users -= 1;
    if (slab.users > 0) return;
    slab.used = 0;
    if (this.#spares.length < this.#spareSlabsMax) this.#spares.push(slab);
    else this.#slabs.delete(slab.memory);
  }
}

const follows = (next: Uint8Array, before: Uint8Array): boolean =>
  next.buffer === before.buffer && next.byteOffset === before.byteOffset + before.length;

/** The same bytes in as few pieces as can be: neighbours in memory become one. */
export const inFewPieces = (buffers: readonly Uint8Array[]): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < buffers.length; ) {
    const first = buffers[from] as Uint8Array;
    let last = first;
    let to = from + 1;
    for (; to < buffers.length && follows(buffers[to] as Uint8Array, last); to++) {
      last = buffers[to] as Uint8Array;
    }
    const bytes = last.byteOffset + last.length - first.byteOffset;
    pieces.push(to === from + 1 ? first : new Uint8Array(first.buffer, first.byteOffset, bytes));
    from = to;
  }
  return pieces;
};
