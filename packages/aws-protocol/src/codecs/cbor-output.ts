import type { BodyOutput } from './body-output.ts';
import { ByteSink } from './byte-sink.ts';
import { writeHead, writeText } from './cbor-head.ts';
import { FALSE, FLOAT_64, info, major, NULL, TIMESTAMP_TAG, TRUE } from './cbor-major.ts';
import type { TimestampForm } from './cbor-timestamp.ts';

/** Writes CBOR; the length of everything stands before it. */
export class CborOutput implements BodyOutput<Uint8Array> {
  readonly #sink = new ByteSink();
  readonly #form: TimestampForm;

  constructor(form: TimestampForm) {
    this.#form = form;
  }

  get length(): number {
    return this.#sink.length;
  }

  expect(items: number, itemBytes: number): void {
    this.#sink.expect(items, itemBytes);
  }

  /** The count is written in the end: into the head's one byte, or behind it. */
  map(countMax: number): number {
    const start = this.#sink.length;
    this.#sink.byte((major.map << 5) | info.uint32);
    if (countMax < info.uint8) return start;
    this.#sink.uint(0, 4);
    return start + 1;
  }

  name(name: Uint8Array): void {
    this.#sink.raw(name);
  }

  key(text: string): void {
    writeText(this.#sink, text);
  }

  endMap(start: number, count: number, countMax: number): void {
    if (countMax < info.uint8) this.#sink.replaceUint(start, (major.map << 5) | count, 1);
    else this.#sink.replaceUint(start, count, 4);
  }

  list(count: number): void {
    writeHead(this.#sink, major.list, count);
  }

  item(): void {}

  endList(): void {}

  blob(bytes: Uint8Array): void {
    writeHead(this.#sink, major.bytes, bytes.length);
    this.#sink.raw(bytes);
  }

  timestamp(milliseconds: number): void {
    writeHead(this.#sink, major.tag, TIMESTAMP_TAG);
    this.#number(this.#form.write(milliseconds));
  }

  scalar(value: unknown): void {
    if (typeof value === 'string') writeText(this.#sink, value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#sink.byte(value ? TRUE : FALSE);
    else if (value === null || value === undefined) this.#sink.byte(NULL);
    else throw new Error(`no scalar: a ${typeof value}`);
  }

  finish(): Uint8Array {
    return this.#sink.finish();
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.#sink.byte(FLOAT_64);
      this.#sink.double(value);
    } else if (value < 0) writeHead(this.#sink, major.negative, -1 - value);
    else writeHead(this.#sink, major.uint, value);
  }
}
