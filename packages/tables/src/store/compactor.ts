import type { RecordLog } from './record-log.ts';

/** Compaction begins when the log is this much longer than the records in it would need, and ends half-way back. */
const SLACK_BYTES = 8 * 1024 * 1024;
const GROWTH = 2;
/** Written again at a time. */
const STEP_BYTES = 1024 * 1024;

const needed = (liveBytes: number): number => GROWTH * liveBytes + SLACK_BYTES;
const enough = (liveBytes: number): number => (needed(liveBytes) + liveBytes) / 2;

export interface CompactorOptions {
  readonly records: Pick<RecordLog<unknown>, 'liveBytes' | 'logBytes' | 'oldest' | 'write' | 'trim'>;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Keeps the log from growing with history: the records that were written longest ago are written again, as they are,
 * and the log is cut before what is then the oldest. A delete needs no writing again: what it took away stands before
 * it and is cut before it. Each byte that is written costs at most about one more.
 */
export class Compactor {
  readonly #options: CompactorOptions;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  /** To be called after writes; cheap when there is nothing to do. */
  look(): void {
    const { records, onFailed } = this.#options;
    if (this.#running !== undefined || this.#isClosed || records.logBytes <= needed(records.liveBytes))
      return;
    this.#running = this.#run()
      .catch(onFailed)
      .finally(() => {
        this.#running = undefined;
      });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { records } = this.#options;
    while (!this.#isClosed && records.logBytes > enough(records.liveBytes)) {
      await records.write(records.oldest(STEP_BYTES));
      await records.trim();
    }
  }
}
