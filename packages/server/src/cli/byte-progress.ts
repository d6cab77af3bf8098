import { readable } from './progress.ts';

/** How often the line is drawn again on a terminal; elsewhere a line is written now and then. */
const TERMINAL_INTERVAL_MS = 200;
const PLAIN_INTERVAL_MS = 10_000;

/** Tells how many bytes are done, on standard error. */
export class ByteProgress {
  bytes = 0;
  #toldAtMs: number;
  readonly #verb: string;
  readonly #startedAtMs: number;
  readonly #monotonic: () => number;
  readonly #terminal: NodeJS.WriteStream;

  constructor(verb: string, monotonic: () => number, terminal: NodeJS.WriteStream) {
    this.#verb = verb;
    this.#monotonic = monotonic;
    this.#terminal = terminal;
    this.#startedAtMs = monotonic();
    this.#toldAtMs = this.#startedAtMs;
  }

  get seconds(): number {
    return Math.max((this.#monotonic() - this.#startedAtMs) / 1000, 0.001);
  }

  /** Such as `1.2 GB in 2.0 s (600.0 MB/s)`. */
  get summary(): string {
    const rate = readable(this.bytes / this.seconds);
    return `${readable(this.bytes)} in ${this.seconds.toFixed(1)} s (${rate}/s)`;
  }

  set(bytes: number): void {
    this.bytes = bytes;
    const now = this.#monotonic();
    const { isTTY } = this.#terminal;
    if (now - this.#toldAtMs < (isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
    this.#toldAtMs = now;
    const line = `${this.#verb} ${this.summary}`;
    this.#terminal.write(isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }

  /** Takes the line off the terminal. */
  clear(): void {
    if (this.#terminal.isTTY) this.#terminal.write('\r\u001b[K');
  }
}
