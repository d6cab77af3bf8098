import { Buffer, isUtf8 } from 'node:buffer';
import { Base64Arena } from './base64-arena.ts';
import { type BodyCursor, nameAt } from './body-cursor.ts';
import { notPlain } from './not-plain.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const ASCII_MAX = 0x7f;

const bytesLike = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(pattern.test(String.fromCharCode(byte))));

const isSpace = bytesLike(/[ \t\n\r]/);
/** Numbers and the three words consist of these. */
const isLiteral = bytesLike(/[-+.\w]/);

export const jsonNameBytes = (name: string): Uint8Array => Buffer.from(JSON.stringify(name));

/** Reads JSON. What it takes for a string or a literal, the platform's parser has taken too. */
export class JsonCursor implements BodyCursor {
  readonly #bytes: Buffer;
  readonly #blobs: Base64Arena;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#blobs = new Base64Arena(bytes);
  }

  /** The byte that ends it. */
  map(): number {
    this.#take(OPEN_MAP);
    return CLOSE_MAP;
  }

  list(): number {
    this.#take(OPEN_LIST);
    return CLOSE_LIST;
  }

  more(end: number, index: number): boolean {
    if (index === 0) return !this.#takeIf(end);
    if (this.#takeIf(COMMA)) return true;
    this.#take(end);
    return false;
  }

  name(names: readonly Uint8Array[]): number {
    this.#skipSpace();
    const index = nameAt(this.#bytes, this.#at, names);
    this.#at += names[index]?.length ?? 0;
    this.#take(COLON);
    return index;
  }

  key(): string {
    const key = this.string();
    this.#take(COLON);
    return key;
  }

  string(): string {
    this.#take(QUOTE);
    const start = this.#at;
    let at = start;
    let seen = 0;
    let isEscaped = false;
    for (let byte = this.#bytes[at] ?? 0; byte !== QUOTE; at += 1, byte = this.#bytes[at] ?? 0) {
      if (byte < SPACE) throw notPlain;
      seen |= byte;
      if (byte !== BACKSLASH) continue;
      isEscaped = true;
      at += 1;
    }
    this.#at = at + 1;
    if (isEscaped) return parsed(this.#text(start - 1, at + 1, ASCII_MAX + 1)) as string;
    return this.#text(start, at, seen);
  }

  /** Base64 has no escapes, so the next quote ends it. */
  blob(): Uint8Array {
    this.#take(QUOTE);
    const start = this.#at;
    const end = this.#bytes.indexOf(QUOTE, start);
    if (end < 0) throw notPlain;
    this.#at = end + 1;
    return this.#blobs.decode(start, end);
  }

  literal(): unknown {
    this.#skipSpace();
    const start = this.#at;
    while (isLiteral[this.#bytes[this.#at] ?? 0] === 1) this.#at += 1;
    return parsed(this.#bytes.toString('latin1', start, this.#at));
  }

  end(): void {
    this.#skipSpace();
    if (this.#at !== this.#bytes.length) throw notPlain;
  }

  #skipSpace(): void {
    while (isSpace[this.#bytes[this.#at] ?? 0] === 1) this.#at += 1;
  }

  #take(byte: number): void {
    if (!this.#takeIf(byte)) throw notPlain;
  }

  #takeIf(byte: number): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** `seen`: all of its bytes, one over the other. */
  #text(start: number, end: number, seen: number): string {
    if (seen <= ASCII_MAX) return this.#bytes.toString('latin1', start, end);
    if (!isUtf8(this.#bytes.subarray(start, end))) throw notPlain;
    return this.#bytes.toString('utf8', start, end);
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw notPlain;
  }
};
