import { Buffer } from 'node:buffer';
import { base64Of } from './base64.ts';

/** Where small bodies are written, one after the other: no body is begun before the last is finished. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);
/** What a list may set aside ahead: a page of 10 MiB as base64, with all that is around the records. */
const aheadBytesMax = 16 * 1024 * 1024;
/** How much the items of a list may differ from its first before the room must grow. */
const marginFactor = 1.125;
/** One UTF-16 unit takes no more in UTF-8. */
const utf8BytesMax = 3;

/** A body as it is written, from its first byte to its last. */
export class ByteSink {
  #room: Buffer = scratch;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#room[this.#length] = value;
    this.#length += 1;
  }

  /** A whole number that fits into so many bytes, the most significant first. */
  uint(value: number, bytes: 1 | 2 | 4): void {
    this.#reserve(bytes);
    this.#length = this.#room.writeUIntBE(value, this.#length, bytes);
  }

  /** Writes over what was written there. */
  replaceUint(at: number, value: number, bytes: 1 | 4): void {
    this.#room.writeUIntBE(value, at, bytes);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#room.writeDoubleBE(value, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#room.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  base64(bytes: Uint8Array): void {
    const text = base64Of(bytes);
    this.#reserve(text.length);
    this.#length += this.#room.write(text, this.#length, 'latin1');
  }

  utf8(text: string): void {
    this.#reserve(text.length * utf8BytesMax);
    this.#length += this.#room.write(text, this.#length, 'utf8');
  }

  /** Makes room for more items like one that took so many bytes: a long list is then written without moving. */
  expect(items: number, itemBytes: number): void {
    this.#reserve(Math.min(Math.ceil(items * itemBytes * marginFactor), aheadBytesMax));
  }

  /** All that was written; the sink is not to be used again. */
  finish(): Uint8Array {
    const written = this.#room.subarray(0, this.#length);
    return this.#room === scratch ? Buffer.from(written) : written;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#room.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#room.length * 2));
    grown.set(this.#room.subarray(0, this.#length));
    this.#room = grown;
  }
}
