import { varintBytes, writeVarint } from './varint.ts';

const CAPACITY_FIRST = 1024;
/** Few steps to the size of a usual aggregate, since each copies what is there. */
const GROWTH = 4;

/** Bytes that grow at their end. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(CAPACITY_FIRST);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Room for so many more; what follows may not pass it. */
  reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * GROWTH));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#bytes[this.#length++] = value;
  }

  varint(value: number): void {
    this.#length = writeVarint(this.#bytes, value, this.#length);
  }

  content(data: Uint8Array): void {
    this.varint(data.length);
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  /** With the number of its UTF-8 bytes. */
  text(text: string, bytes: number): void {
    this.varint(bytes);
    this.#length += this.#bytes.write(text, this.#length);
  }

  copyTo(target: Buffer, offset: number): number {
    return offset + this.#bytes.copy(target, offset, 0, this.#length);
  }
}

/** Bytes of a content of that length, with the length before it. */
export const contentBytes = (length: number): number => varintBytes(length) + length;
