import { Buffer } from 'node:buffer';
import { Token, Tokenizer, Type } from 'cborg';
import { cborDepthMax, cborItemsMax } from './cbor-limits.ts';

const breakByte = 0xff;

/** Length of a string's head, by the low five bits of its first byte; 1 where the length is in those bits. */
const stringHeadBytes: Readonly<Record<number, number>> = { 24: 2, 25: 3, 26: 5, 27: 9 };
const floatMajor = 7;

/** Heads of strings that come in chunks, up to a break. */
const chunkedTypes: ReadonlyMap<number | undefined, Type> = new Map([
  [0x5f, Type.bytes],
  [0x7f, Type.string],
]);

const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * The library's tokenizer with what it leaves to its caller: strings of indefinite length (Jackson writes
 * them), bounds on depth and number of items, and breaks and tags only where one may stand.
 */
export class CborTokenizer extends Tokenizer {
  /** For each map and list that is not complete, the items still to come; Infinity where a break ends it. */
  readonly #open: number[] = [];
  #items = 0;
  #afterTag = false;

  /** As a plain `Uint8Array` the body is copied where it is cut, as a `Buffer` it would be shared. */
  constructor(body: Uint8Array) {
    super(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), { allowBigInt: true });
  }

  override next(): Token {
    this.#countItem();
    const chunked = chunkedTypes.get(this.data[this._pos]);
    const token = chunked ? this.#joinChunks(chunked) : this.#whole();
    const { type } = token;
    if (type === Type.tag && this.#afterTag) throw new Error('a tag on a tag');
    this.#afterTag = type === Type.tag;
    if (type === Type.break) this.#close();
    else if (type === Type.map) this.#descend(token.value * 2);
    else if (type === Type.array) this.#descend(token.value);
    else if (type !== Type.tag) this.#complete();
    return token;
  }

  /** Whether the next item is a float: its type says what a timestamp's number means. */
  nextIsFloat(): boolean {
    return (this.data[this._pos] ?? 0) >>> 5 === floatMajor;
  }

  /** The library's text decoder drops a byte order mark at the start; in a partition key it counts. */
  #whole(): Token {
    const token = super.next();
    if (token.type !== Type.string) return token;
    const start = this._pos - (token.encodedLength ?? 0);
    const text = start + (stringHeadBytes[(this.data[start] ?? 0) & 31] ?? 1);
    const isMark = text + 3 <= this._pos && byteOrderMark.every((byte, at) => this.data[text + at] === byte);
    return isMark ? new Token(Type.string, `\ufeff${token.value}`) : token;
  }

  #countItem(): void {
    this.#items += 1;
    if (this.#items > cborItemsMax) throw new Error(`more than ${cborItemsMax} items`);
  }

  #descend(items: number): void {
    if (this.#open.length >= cborDepthMax) throw new Error(`deeper than ${cborDepthMax}`);
    if (items === 0) this.#complete();
    else this.#open.push(items);
  }

  /** One item is complete, and with it perhaps the container it is in, and so on. */
  #complete(): void {
    for (let left = this.#open.pop(); left !== undefined; left = this.#open.pop()) {
      if (left > 1) {
        this.#open.push(left - 1);
        return;
      }
    }
  }

  /** A break between a key and its value passes here; it then leaves the reader one break short. */
  #close(): void {
    if (this.#open.pop() !== Infinity) throw new Error('a break where none may stand');
    this.#complete();
  }

  #joinChunks(type: Type): Token {
    const chunks: unknown[] = [];
    this._pos += 1;
    while (this.data[this._pos] !== breakByte) chunks.push(this.#chunk(type));
    this._pos += 1;
    return new Token(type, type === Type.string ? chunks.join('') : Buffer.concat(chunks as Uint8Array[]));
  }

  #chunk(type: Type): unknown {
    this.#countItem();
    const chunk = this.#whole();
    if (chunk.type !== type) throw new Error('a chunk of another type than its string');
    return chunk.value;
  }
}
