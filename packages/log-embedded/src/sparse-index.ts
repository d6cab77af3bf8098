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

const decodeIndexEntry = (bytes: Buffer): IndexEntry | undefined => {
  if (bytes.length < INDEX_ENTRY_BYTES) return undefined;
  if (bytes.readUInt32LE(28) !== checksum(bytes.subarray(0, 28))) return undefined;
  return { position: readU64(bytes, 0), arrivalMs: readU64(bytes, 8), offset: readU64(bytes, 16) };
};

/** Where some of a segment's batches stand: the first, then one every `gapBytes` or so. */
export class SparseIndex {
  /** The whole segment has been compared with it: what is not found by it is not there. */
  isVerified = false;
  readonly #entries: IndexEntry[] = [];
  readonly #gapBytes: number;

  constructor(gapBytes: number) {
    this.#gapBytes = gapBytes;
  }

  get length(): number {
    return this.#entries.length;
  }

  get last(): IndexEntry | undefined {
    return this.#entries.at(-1);
  }

  /** Takes the entry if it is far enough from the last one. */
  offer(entry: IndexEntry): boolean {
    if (this.last !== undefined && entry.offset < this.last.offset + this.#gapBytes) return false;
    this.#entries.push(entry);
    return true;
  }

  /** The last entry at or before the position. */
  floor(position: number): IndexEntry | undefined {
    return this.#entries[firstWhere(this.length, (i) => this.#at(i).position > position) - 1];
  }

  /** The last entry that arrived before the time, or the first entry. */
  before(timestampMs: number): IndexEntry | undefined {
    return this.#entries[
      Math.max(0, firstWhere(this.length, (i) => this.#at(i).arrivalMs >= timestampMs) - 1)
    ];
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

  #at(index: number): IndexEntry {
    return this.#entries[index] as IndexEntry;
  }
}
