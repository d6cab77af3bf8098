import type { Batch } from './batch.ts';

/** Batches of a segment that were read and checked together. Nobody writes to their bytes. */
export interface Portion {
  readonly batches: readonly Batch[];
  /** Position after the last of them. */
  readonly end: number;
  readonly bytes: number;
}

interface Slot {
  readonly portion: Promise<Portion>;
  /** Undefined while it is being read. */
  bytes: number | undefined;
}

/**
 * The portions that were read last, up to a bound, for all readers: those who want one that is being read wait for
 * it. Who holds a portion keeps it in memory, whether it is here or not.
 */
export class PortionCache {
  /** In the order of their last use. */
  readonly #slots = new Map<string, Slot>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The portion under the key if it reaches past `position`; else, and when there is none, what `load` gives. */
  async get(key: string, position: number, load: () => Promise<Portion>): Promise<Portion> {
    for (let slot = this.#use(key); slot !== undefined; slot = this.#use(key)) {
      const portion = await slot.portion;
      if (portion.end > position) return portion;
      // The segment has grown since.
      this.#remove(key, slot);
    }
    return this.#load(key, load);
  }

  #use(key: string): Slot | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    return slot;
  }

  async #load(key: string, load: () => Promise<Portion>): Promise<Portion> {
    const slot: Slot = { portion: load(), bytes: undefined };
    this.#slots.set(key, slot);
    try {
      const portion = await slot.portion;
      this.#keep(key, slot, portion.bytes);
      return portion;
    } catch (error) {
      this.#remove(key, slot);
      throw error;
    }
  }

  #keep(key: string, slot: Slot, bytes: number): void {
    if (this.#slots.get(key) !== slot) return;
    slot.bytes = bytes;
    this.#bytes += bytes;
    for (const [oldest, { bytes: size }] of this.#slots) {
      if (this.#bytes <= this.#bytesMax) return;
      if (size === undefined) continue;
      this.#slots.delete(oldest);
      this.#bytes -= size;
    }
  }

  #remove(key: string, slot: Slot): void {
    if (this.#slots.get(key) !== slot) return;
    this.#slots.delete(key);
    this.#bytes -= slot.bytes ?? 0;
  }
}
