import { type Clock, type Disk, DiskError, type Random, type Timer } from '@millrace/core';

const FILE = 'reserve';
const MEBIBYTE = 1024 * 1024;
/** Enough for some hundred changes of streams and as many starts. */
const RESERVE_BYTES = MEBIBYTE;
/** Free again, before records are taken again: room for a large group, so that the disk is not full at once. */
const RESUME_BYTES = RESERVE_BYTES + 8 * MEBIBYTE;
/** How soon a full disk is looked at again. */
const RETRY_MS = 1_000;

const isFull = (error: unknown): boolean => error instanceof DiskError && error.code === 'full';

export interface ReserveOptions {
  readonly disk: Disk;
  readonly random: Random;
  readonly clock: Clock;
  /** Given back to the disk, because it is full; and taken again. */
  readonly onChange: (isHeld: boolean) => void;
}

/**
 * Space that is kept from the records, for the day on which the disk is full: deleting a stream is a command, and
 * has to be written down before it can free anything; so has a start. While it is not held nothing else is written.
 */
export class Reserve {
  readonly #options: ReserveOptions;
  /** Undefined before the first try. */
  #isHeld: boolean | undefined;
  #neededBytes = RESERVE_BYTES;
  #retry: Timer | undefined;
  #isClosed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: ReserveOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#isHeld === true;
  }

  /** Takes it, or goes on trying until it can. */
  take(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isHeld || this.#isClosed) return;
      if (await this.#fill()) this.#change(true);
      else this.#goOnTrying();
    });
  }

  /** Gives it back to the disk, which is full, and takes it again when there is space. */
  release(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#options.disk.remove(FILE);
      this.#neededBytes = RESUME_BYTES;
      this.#goOnTrying();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    await this.#work;
  }

  #goOnTrying(): void {
    this.#change(false);
    this.#retry?.cancel();
    this.#retry = this.#options.clock.after(RETRY_MS, () => void this.take());
  }

  #change(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#options.onChange(isHeld);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work, work).catch(() => undefined);
    return this.#work;
  }

  /** Bytes that no file system makes smaller. What is there from an earlier process counts. */
  async #fill(): Promise<boolean> {
    const { disk, random } = this.#options;
    try {
      const file = await disk.open(FILE, { create: true });
      try {
        if ((await file.size()) >= RESERVE_BYTES) return true;
        const piece = random.bytes(MEBIBYTE);
        await file.write(
          Array.from({ length: this.#neededBytes / MEBIBYTE }, () => piece),
          0,
        );
        await file.sync();
        await file.truncate(RESERVE_BYTES);
      } finally {
        await file.close();
      }
      return true;
    } catch (error) {
      await disk.remove(FILE).catch(() => undefined);
      // A disk that takes no writes at all is the store's to find out.
      return !isFull(error);
    }
  }
}
