import { Buffer, isUtf8 } from 'node:buffer';
import { type BodyCursor, nameAt } from './body-cursor.ts';
import { ByteSink } from './byte-sink.ts';
import { writeText } from './cbor-head.ts';
import { cborDepthMax, cborItemsMax } from './cbor-limits.ts';
import { BREAK, FALSE, FLOAT_32, FLOAT_64, info, major, TIMESTAMP_TAG, TRUE } from './cbor-major.ts';
import { Instant, type TimestampForm } from './cbor-timestamp.ts';
import { notPlain } from './not-plain.ts';
import { millisecondsFrom } from './scalars.ts';

const ASCII_MAX = 0x7f;
const UINT32 = 2 ** 32;

export const cborNameBytes = (name: string): Uint8Array => {
  const sink = new ByteSink();
  writeText(sink, name);
  return sink.finish();
};

/** Reads CBOR with the bounds of the tokenizer; strings of indefinite length and the like are left to that. */
export class CborCursor implements BodyCursor {
  readonly #bytes: Buffer;
  readonly #form: TimestampForm;
  #at = 0;
  #depth = 0;
  #items = 0;
  #room: Buffer | undefined;
  #used = 0;

  constructor(bytes: Buffer, form: TimestampForm) {
    this.#bytes = bytes;
    this.#form = form;
  }

  /** How many items it has; Infinity where a break ends it. */
  map(): number {
    return this.#open(major.map);
  }

  list(): number {
    return this.#open(major.list);
  }

  more(count: number, index: number): boolean {
    if (count === Infinity ? this.#bytes[this.#at] !== BREAK : index < count) return true;
    if (count === Infinity) this.#at += 1;
    this.#depth -= 1;
    return false;
  }

  name(names: readonly Uint8Array[]): number {
    this.#countItem();
    const index = nameAt(this.#bytes, this.#at, names);
    this.#at += names[index]?.length ?? 0;
    return index;
  }

  key(): string {
    return this.string();
  }

  string(): string {
    const length = this.#head(major.text);
    const start = this.#pass(length);
    let seen = 0;
    for (let at = start; at < this.#at; at += 1) seen |= this.#bytes[at] ?? 0;
    if (seen <= ASCII_MAX) return this.#bytes.toString('latin1', start, this.#at);
    if (!isUtf8(this.#bytes.subarray(start, this.#at))) throw notPlain;
    return this.#bytes.toString('utf8', start, this.#at);
  }

  /** What is left of the body has room for all blobs that are still to come. */
  blob(): Uint8Array {
    const length = this.#head(major.bytes);
    const start = this.#pass(length);
    this.#room ??= Buffer.allocUnsafe(this.#bytes.length - start);
    const from = this.#used;
    this.#used += this.#bytes.copy(this.#room, from, start, this.#at);
    return new Uint8Array(this.#room.buffer, this.#room.byteOffset + from, length);
  }

  literal(): unknown {
    const first = this.#bytes[this.#at] ?? BREAK;
    const kind = first >>> 5;
    if (kind === major.tag) return this.#timestamp();
    if (kind === major.uint) return this.#head(major.uint);
    if (kind === major.negative) return -1 - this.#head(major.negative);
    this.#countItem();
    this.#at += 1;
    if (first === FALSE || first === TRUE) return first === TRUE;
    return this.#float(first);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw notPlain;
  }

  /** A float is seconds, an integer what the form says. */
  #timestamp(): Instant {
    if (this.#head(major.tag) !== TIMESTAMP_TAG) throw notPlain;
    const isFloat = (this.#bytes[this.#at] ?? 0) >>> 5 === major.simple;
    const value = this.literal();
    if (typeof value !== 'number' || Number.isNaN(value)) throw notPlain;
    return new Instant(isFloat ? millisecondsFrom(value) : this.#form.fromInteger(value));
  }

  #float(first: number): number {
    if (first === FLOAT_32) return this.#bytes.readFloatBE(this.#pass(4));
    if (first === FLOAT_64) return this.#bytes.readDoubleBE(this.#pass(8));
    throw notPlain;
  }

  #open(kind: number): number {
    if (this.#depth >= cborDepthMax) throw notPlain;
    this.#depth += 1;
    if (this.#bytes[this.#at] !== ((kind << 5) | info.indefinite)) return this.#head(kind);
    // Its break counts too.
    this.#countItem();
    this.#countItem();
    this.#at += 1;
    return Infinity;
  }

  /** The number in the head of an item of that kind. */
  #head(kind: number): number {
    this.#countItem();
    const first = this.#bytes[this.#at] ?? BREAK;
    if (first >>> 5 !== kind) throw notPlain;
    this.#at += 1;
    const low = first & 0b11111;
    if (low < info.uint8) return low;
    if (low === info.uint8) return this.#bytes[this.#pass(1)] ?? 0;
    if (low === info.uint16) return this.#bytes.readUInt16BE(this.#pass(2));
    if (low === info.uint32) return this.#bytes.readUInt32BE(this.#pass(4));
    return low === info.uint64 ? this.#uint64() : this.#refuse();
  }

  #uint64(): number {
    const start = this.#pass(8);
    const value = this.#bytes.readUInt32BE(start) * UINT32 + this.#bytes.readUInt32BE(start + 4);
    return Number.isSafeInteger(value) ? value : this.#refuse();
  }

  /** Passes so many bytes, and tells where they begin. */
  #pass(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw notPlain;
    this.#at = start + length;
    return start;
  }

  #countItem(): void {
    this.#items += 1;
    if (this.#items > cborItemsMax) throw notPlain;
  }

  #refuse(): never {
    throw notPlain;
  }
}
