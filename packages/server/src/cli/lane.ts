import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

/** What one PutRecords takes (API model), the bytes held well below its bound so that a retry is cheap. */
const BATCH_RECORDS_MAX = 500;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/** A record to put, with the number of its line. */
export interface Line {
  readonly number: number;
  readonly entry: PutRecordsRequestEntry & { readonly Data: Uint8Array };
}

export type SendBatch = (lines: readonly Line[]) => Promise<void>;

/**
 * Puts the lines of some partition keys in order: one batch is under way, the next one fills. `add` makes the
 * reader wait when both are full, so a lane never holds more than two batches. After a failure every call
 * rejects with it.
 */
export class Lane {
  #filling: Line[] = [];
  #bytes = 0;
  #sending: Promise<void> | undefined;
  readonly #send: SendBatch;

  constructor(send: SendBatch) {
    this.#send = send;
  }

  async add(line: Line): Promise<void> {
    const size = line.entry.Data.length;
    while (this.#filling.length > 0 && this.#isFullWith(size)) await this.#start();
    this.#filling.push(line);
    this.#bytes += size;
  }

  /** Sends what has been added as soon as the batch under way is done. */
  kick(): void {
    if (this.#filling.length > 0 && this.#sending === undefined) void this.#start().catch(() => {});
  }

  /** Resolves when everything that was added is acknowledged. */
  async drain(): Promise<void> {
    while (this.#filling.length > 0 || this.#sending !== undefined) await this.#start();
  }

  #isFullWith(size: number): boolean {
    return this.#filling.length >= BATCH_RECORDS_MAX || this.#bytes + size > BATCH_BYTES_MAX;
  }

  #start(): Promise<void> {
    this.#sending ??= this.#run();
    return this.#sending;
  }

  async #run(): Promise<void> {
    const lines = this.#filling;
    this.#filling = [];
    this.#bytes = 0;
    await this.#send(lines);
    this.#sending = undefined;
    this.kick();
  }
}
