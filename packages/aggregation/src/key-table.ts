import { TAG_BYTES } from './format.ts';
import { varintBytes, writeVarint } from './varint.ts';

/** Bytes of a field whose content is so long. */
export const fieldBytes = (contentBytes: number): number =>
  TAG_BYTES + varintBytes(contentBytes) + contentBytes;

/** One of the two tables of keys: each key once, in the order of first use. */
export class KeyTable {
  readonly #tag: number;
  readonly #indexes = new Map<string, number>();
  #bytes = 0;

  constructor(tag: number) {
    this.#tag = tag;
  }

  /** As written. */
  get bytes(): number {
    return this.#bytes;
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
    this.#bytes += growth;
  }

  /** Returns the offset behind it. */
  write(target: Buffer, offset: number): number {
    let at = offset;
    for (const key of this.#indexes.keys()) {
      target[at++] = this.#tag;
      at = writeVarint(target, Buffer.byteLength(key), at);
      at += target.write(key, at);
    }
    return at;
  }
}
