/** How often the line is drawn again. */
const INTERVAL_MS = 200;

/** Such as `1.2 GB`. */
export const readable = (bytes: number): string => {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
};

/** Counts records as they are done and shows them on one line of a terminal; elsewhere it is silent until the end. */
export class Progress {
  records = 0;
  bytes = 0;
  retried = 0;
  #drawnAtMs = 0;
  readonly #verb: string;
  readonly #startedAtMs: number;
  readonly #monotonic: () => number;
  readonly #terminal: NodeJS.WriteStream;

  constructor(verb: string, monotonic: () => number, terminal: NodeJS.WriteStream) {
    this.#verb = verb;
    this.#monotonic = monotonic;
    this.#terminal = terminal;
    this.#startedAtMs = monotonic();
  }

  add(records: number, bytes: number): void {
    this.records += records;
    this.bytes += bytes;
    const now = this.#monotonic();
    if (!this.#terminal.isTTY || now - this.#drawnAtMs < INTERVAL_MS) return;
    this.#drawnAtMs = now;
    this.#terminal.write(`\r\u001b[K${this.summary()}`);
  }

  summary(): string {
    const seconds = Math.max((this.#monotonic() - this.#startedAtMs) / 1000, 0.001);
    const rate = Math.round(this.records / seconds);
    const retried = this.retried === 0 ? '' : `, ${this.retried} sent again`;
    return `${this.records} records ${this.#verb} (${readable(this.bytes)}, ${rate}/s)${retried}`;
  }

  /** The last word, on a line of its own. */
  end(): void {
    this.#terminal.write(`${this.#terminal.isTTY ? '\r\u001b[K' : ''}${this.summary()}\n`);
  }
}
