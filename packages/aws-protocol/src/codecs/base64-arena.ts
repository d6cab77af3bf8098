import { Buffer } from 'node:buffer';
import { notPlain } from './not-plain.ts';

const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');
const PADDING = 0x3d;

/**
 * The decoded blobs of one body, one behind the other in one piece of memory, so that five hundred records cost
 * one allocation. Each blob is a view, and any of them keeps the whole.
 */
export class Base64Arena {
  readonly #body: Buffer;
  #room: Buffer | undefined;
  #used = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** The blob whose base64 text lies there in the body; throws `notPlain` for all but canonical base64. */
  decode(start: number, end: number): Uint8Array {
    const bytes = this.#decodedBytes(start, end);
    const text = this.#body.toString('latin1', start, end);
    const room = this.#roomFrom(start);
    const from = this.#used;
    // Node's decoder also takes the URL alphabet, and skips what it does not know.
    if (room.write(text, from, 'base64') !== bytes || text.includes('-') || text.includes('_'))
      throw notPlain;
    this.#used += bytes;
    this.#checkLastGroup(start, end);
    return new Uint8Array(room.buffer, room.byteOffset + from, bytes);
  }

  /** What is left of the body is enough for all blobs that are still to come. */
  #roomFrom(start: number): Buffer {
    this.#room ??= Buffer.allocUnsafe(Math.ceil(((this.#body.length - start) / 4) * 3));
    return this.#room;
  }

  #decodedBytes(start: number, end: number): number {
    const length = end - start;
    if (length % 4 !== 0) throw notPlain;
    return (length / 4) * 3 - this.#padding(start, end);
  }

  #padding(start: number, end: number): number {
    if (end === start || this.#body[end - 1] !== PADDING) return 0;
    return this.#body[end - 2] === PADDING ? 2 : 1;
  }

  /** The bits that padding leaves unused must be zero. */
  #checkLastGroup(start: number, end: number): void {
    const padding = this.#padding(start, end);
    if (padding === 0) return;
    const lastByte = this.#room?.[this.#used - 1] ?? 0;
    const bits = padding === 2 ? (lastByte & 0b11) << 4 : (lastByte & 0b1111) << 2;
    if (this.#body[end - 1 - padding] !== ALPHABET[bits]) throw notPlain;
  }
}
