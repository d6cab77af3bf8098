import { ByteWriter, contentBytes } from './byte-writer.ts';
import { TAG_BYTES } from './format.ts';

/** Bytes of a field whose content is so long. */
export const fieldBytes = (length: number): number => TAG_BYTES + contentBytes(length);

/** One of the two tables of keys: each key once, in the order of first use. */
export class KeyTable {
  readonly #tag: number;
  readonly #indexes = new Map<string, number>();
  readonly #written = new ByteWriter();

  constructor(tag: number) {
    this.#tag = tag;
  }

  /** As written. */
  get bytes(): number {
    return this.#written.length;
  }

  /** Where the key stands, or would if it were added. */
  indexOf(key: string): number {
    return this.#indexes.get(key) ?? this.#indexes.size;
  }

  /** What the table grows by when the key is added: nothing when it is there. */
  growth(key: string, index: number): number {
    return index < this.#indexes.size ? 0 : fieldBytes(Buffer.byteLength(key));
  }

  /** With the index and the growth that were told for it. */
  add(key: string, index: number, growth: number): void {
    if (growth === 0) return;
    this.#indexes.set(key, index);
    this.#written.reserve(growth);
    this.#written.byte(this.#tag);
    this.#written.text(key, Buffer.byteLength(key));
  }

  /** Returns the offset behind it. */
  copyTo(target: Buffer, offset: number): number {
    return this.#written.copyTo(target, offset);
  }
}
