/** The bytes are no message of Protocol Buffers. */
export class Malformed extends Error {}

/** Groups within groups, as the reference parsers allow. */
const GROUP_DEPTH_MAX = 100;
const VARINT_BYTES_MAX = 10;

const WIRE_TYPES = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

/** Goes through one message, field after field. Every step moves on, or throws `Malformed`. */
export class MessageReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at === this.#end;
  }

  /** Field number and wire type of what comes next. */
  tag(): number {
    const tag = this.varint();
    if (tag < 1 << 3 || tag > 0xffff_ffff) throw new Malformed();
    return tag;
  }

  /** Exact up to 2^53; larger ones stay larger than any index. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      const byte = this.#at < this.#end ? this.#bytes[this.#at++] : undefined;
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new Malformed();
  }

  /** A view: nothing is copied. */
  content(): Buffer {
    const start = this.#step(this.varint());
    return this.#bytes.subarray(start, this.#at);
  }

  text(): string {
    const start = this.#step(this.varint());
    return this.#bytes.toString('utf8', start, this.#at);
  }

  /** A message within this one. */
  message(): MessageReader {
    const start = this.#step(this.varint());
    return new MessageReader(this.#bytes, start, this.#at);
  }

  /** Passes over the field that begins with this tag. */
  skip(tag: number, depth = 0): void {
    const wireType = tag & 7;
    if (wireType === WIRE_TYPES.varint) this.varint();
    else if (wireType === WIRE_TYPES.fixed64) this.#step(8);
    else if (wireType === WIRE_TYPES.bytes) this.#step(this.varint());
    else if (wireType === WIRE_TYPES.fixed32) this.#step(4);
    else if (wireType === WIRE_TYPES.startGroup && depth < GROUP_DEPTH_MAX) this.#skipGroup(tag, depth);
    else throw new Malformed();
  }

  #skipGroup(start: number, depth: number): void {
    const end = start - WIRE_TYPES.startGroup + WIRE_TYPES.endGroup;
    for (let tag = this.tag(); tag !== end; tag = this.tag()) this.skip(tag, depth + 1);
  }

  /** Returns where it started. */
  #step(bytes: number): number {
    const start = this.#at;
    if (bytes > this.#end - start) throw new Malformed();
    this.#at = start + bytes;
    return start;
  }
}
