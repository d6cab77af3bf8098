import type { DiskFile } from '@millrace/core';
import type { Frame } from '../frame.ts';
import { decodeIndexEntry, INDEX_ENTRY_BYTES, type IndexEntry } from '../sparse-index.ts';

const PORTION_BYTES = 1024 * INDEX_ENTRY_BYTES;

/** Compares an index with the batches of its segment, both from the front and in portions. */
export class IndexCheck {
  /** The first thing that is wrong; nothing is looked at behind it, since nobody would use it. */
  problem: { readonly offset: number; readonly reason: string } | undefined;
  readonly #file: DiskFile;
  #portion = Buffer.alloc(0);
  /** Of the portion in the file, and of the entry in the portion. */
  #portionOffset = 0;
  #at = 0;
  #entry: IndexEntry | undefined;
  #isAtEnd = false;

  constructor(file: DiskFile) {
    this.#file = file;
  }

  /** Where in the segment the next entry points; nothing is to be compared before it. */
  get nextOffset(): number {
    return this.#entry?.offset ?? Number.POSITIVE_INFINITY;
  }

  /** Reads the first entry. */
  async start(): Promise<void> {
    await this.#advance();
  }

  /** Batches come by rising offset. */
  async compare(offset: number, { position, arrivalMs }: Frame): Promise<void> {
    const entry = this.#entry;
    if (entry === undefined || entry.offset > offset) return;
    const isRight = entry.offset === offset && entry.position === position && entry.arrivalMs === arrivalMs;
    if (!isRight) return this.#fail(`an entry for byte ${entry.offset}, position ${entry.position} is wrong`);
    await this.#advance();
  }

  async #advance(): Promise<void> {
    if (this.#at >= this.#portion.length && !this.#isAtEnd) await this.#read();
    const bytes = this.#portion.subarray(this.#at, this.#at + INDEX_ENTRY_BYTES);
    this.#entry = undefined;
    if (bytes.length === 0) return;
    this.#entry = decodeIndexEntry(bytes);
    if (this.#entry === undefined) return this.#fail('no intact entry');
    this.#at += INDEX_ENTRY_BYTES;
  }

  async #read(): Promise<void> {
    this.#portionOffset += this.#portion.length;
    this.#portion = Buffer.alloc(PORTION_BYTES);
    this.#portion = this.#portion.subarray(0, await this.#file.read(this.#portion, this.#portionOffset));
    this.#at = 0;
    this.#isAtEnd = this.#portion.length < PORTION_BYTES;
  }

  #fail(reason: string): void {
    this.problem ??= { offset: this.#portionOffset + this.#at, reason };
    this.#entry = undefined;
    this.#isAtEnd = true;
    this.#portion = Buffer.alloc(0);
    this.#at = 0;
  }
}
