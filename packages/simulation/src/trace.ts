import { crc32 } from 'node:zlib';

/** Lines kept for whoever looks into a failure. */
const TAIL_LINES_MAX = 80;

/** Everything that happened, in order: a checksum of all of it, and the end of it as text. */
export class Trace {
  #checksum = 0;
  #lines: string[] = [];
  readonly #onLine: ((line: string) => void) | undefined;

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(line: string): void {
    this.#checksum = crc32(line, this.#checksum);
    this.#lines.push(line);
    if (this.#lines.length > 2 * TAIL_LINES_MAX) this.#lines = this.tail;
    this.#onLine?.(line);
  }

  get checksum(): string {
    return this.#checksum.toString(16).padStart(8, '0');
  }

  get tail(): string[] {
    return this.#lines.slice(-TAIL_LINES_MAX);
  }
}
