import { base64Of } from './base64.ts';
import type { BodyOutput } from './body-output.ts';
import { ByteSink } from './byte-sink.ts';

/** Smaller blobs are pieces of text like others. */
const directBytesMin = 512;

export const jsonNameOf = (name: string): string => `${JSON.stringify(name)}:`;

/** Writes JSON. Short pieces are joined as text, which is cheap, and become bytes where a blob comes between them. */
export class JsonOutput implements BodyOutput<string> {
  readonly #sink = new ByteSink();
  #text = '';
  /** Records that came together share their time: its text is kept for the next. */
  #lastMs = Number.NaN;
  #lastSeconds = '';

  get length(): number {
    return this.#sink.length + this.#text.length;
  }

  expect(items: number, itemBytes: number): void {
    this.#sink.expect(items, itemBytes);
  }

  map(): number {
    this.#text += '{';
    return 0;
  }

  name(name: string, index: number): void {
    this.item(index);
    this.#text += name;
  }

  key(text: string, index: number): void {
    this.name(jsonNameOf(text), index);
  }

  endMap(): void {
    this.#text += '}';
  }

  list(): void {
    this.#text += '[';
  }

  item(index: number): void {
    if (index > 0) this.#text += ',';
  }

  endList(): void {
    this.#text += ']';
  }

  /** Base64. */
  blob(bytes: Uint8Array): void {
    if (bytes.length < directBytesMin) {
      this.#text += `"${base64Of(bytes)}"`;
      return;
    }
    this.#flush('"');
    this.#sink.base64(bytes);
    this.#text = '"';
  }

  /** Seconds with a fraction. */
  timestamp(milliseconds: number): void {
    if (milliseconds !== this.#lastMs) {
      this.#lastMs = milliseconds;
      this.#lastSeconds = JSON.stringify(milliseconds / 1000);
    }
    this.#text += this.#lastSeconds;
  }

  scalar(value: unknown): void {
    this.#text += JSON.stringify(value) ?? 'null';
  }

  finish(): Uint8Array {
    this.#flush('');
    return this.#sink.finish();
  }

  #flush(end: string): void {
    this.#sink.utf8(this.#text + end);
    this.#text = '';
  }
}
