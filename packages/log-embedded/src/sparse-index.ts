import { checksum, readU64, writeU64 } from './bytes.ts';
import { firstWhere } from './search.ts';

/**
 * An index file is a row of entries, rising; only a hint, checked against the batch it points to:
 *
 *    0  u64  position of a batch
 *    8  u64  its arrival, epoch milliseconds
 *   16  u64  its byte offset in the segment
 *   24  u32  0
 *   28  u32  checksum of the bytes before it
 */
export const INDEX_ENTRY_BYTES = 32;

export interface IndexEntry {
  readonly position: number;
  readonly arrivalMs: number;
  readonly offset: number;
}

export const encodeIndexEntry = (entry: IndexEntry): Buffer => {
  const bytes = Buffer.alloc(INDEX_ENTRY_BYTES);
  writeU64(bytes, entry.position, 0);
  writeU64(bytes, entry.arrivalMs, 8);
  writeU64(bytes, entry.offset, 16);
  bytes.writeUInt32LE(checksum(bytes.subarray(0, 28)), 28);
  return bytes;
};

/** Undefined when no entry stands there intact. */
export const decodeIndexEntry = (bytes: Buffer): IndexEntry | undefined => {
  if (bytes.length < INDEX_ENTRY_BYTES) return undefined;
  if (bytes.readUInt32LE(28) !== checksum(bytes.subarray(0, 28))) return undefined;
  return { position: readU64(bytes, 0), arrivalMs: readU64(bytes, 8), offset: readU64(bytes, 16) };
};

/** Whole batches of a segment that are read together: from an entry of its index up to another, or to its end. */
export interface Stretch {
  readonly from: IndexEntry;
  /** Where the next one begins; undefined for the last. */
  readonly to: IndexEntry | undefined;
}

/** An entry is three numbers: position, arrival, byte offset. */
const ENTRY_NUMBERS = 3;
const FIRST_ENTRIES = 16;

/** Where some of a segment's batches stand: the first, then one every `gapBytes` or so. */
export class SparseIndex {
  /** The whole segment has been compared with it: what is not found by it is not there. */
  isVerified = false;
  /** Entry after entry, with room for more. */
  #numbers = new Float64Array(FIRST_ENTRIES * ENTRY_NUMBERS);
  #length = 0;
  readonly #gapBytes: number;

  constructor(gapBytes: number) {
    this.#gapBytes = gapBytes;
  }

  get length(): number {
    return this.#length;
  }

  get last(): IndexEntry | undefined {
    return this.#at(this.#length - 1);
  }

  /** Takes the entry if it is far enough from the last one. */
  offer({ position, arrivalMs, offset }: IndexEntry): boolean {
    if (this.#length > 0 && offset < this.#offset(this.#length - 1) + this.#gapBytes) return false;
    if (this.#length * ENTRY_NUMBERS === this.#numbers.length) this.#grow();
    this.#numbers.set([position, arrivalMs, offset], this.#length * ENTRY_NUMBERS);
    this.#length += 1;
    return true;
  }

  /** The last entry at or before the position. */
  floor(position: number): IndexEntry | undefined {
    return this.#at(this.#firstPast(position) - 1);
  }

  /** The last entry that arrived before the time, or the first entry. */
  before(timestampMs: number): IndexEntry | undefined {
    return this.#at(Math.max(0, firstWhere(this.#length, (i) => this.#arrivalMs(i) >= timestampMs) - 1));
  }

  /**
   * The stretch that holds the position. One begins with the first entry in each `bytes` of the segment: the same
   * for all readers, wherever each of them comes from.
   */
  stretch(position: number, bytes: number): Stretch | undefined {
    const past = this.#firstPast(position);
    if (past === 0) return undefined;
    const start = this.#offset(past - 1) - (this.#offset(past - 1) % bytes);
    const from = this.#at(firstWhere(past, (i) => this.#offset(i) >= start));
    return from && { from, to: this.#at(firstWhere(this.#length, (i) => this.#offset(i) >= start + bytes)) };
  }

  /**
   * Takes the entries of a file up to the first that is damaged, out of order or past the segment's end; none if
   * the first is not for the first batch.
   */
  load(file: Buffer, first: Pick<IndexEntry, 'position' | 'offset'>, segmentBytes: number): void {
    const { position, offset } = decodeIndexEntry(file) ?? {};
    if (position !== first.position || offset !== first.offset) return;
    for (let offset = 0; ; offset += INDEX_ENTRY_BYTES) {
      const entry = decodeIndexEntry(file.subarray(offset, offset + INDEX_ENTRY_BYTES));
      if (entry === undefined || entry.offset >= segmentBytes) return;
      if (this.last !== undefined && entry.position <= this.last.position) return;
      if (!this.offer(entry)) return;
    }
  }

  #firstPast(position: number): number {
    return firstWhere(this.#length, (i) => this.#position(i) > position);
  }

  #at(index: number): IndexEntry | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    return {
      position: this.#position(index),
      arrivalMs: this.#arrivalMs(index),
      offset: this.#offset(index),
    };
  }

  #position(index: number): number {
    return this.#numbers[index * ENTRY_NUMBERS] as number;
  }

  #arrivalMs(index: number): number {
    return this.#numbers[index * ENTRY_NUMBERS + 1] as number;
  }

  #offset(index: number): number {
    return this.#numbers[index * ENTRY_NUMBERS + 2] as number;
  }

  #grow(): void {
    const numbers = new Float64Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
