import type { Clock, Disk, DiskFile } from '@millrace/core';
import { closeQuietly } from './close-quietly.ts';
import { encodeJournalHeader, saltOf } from './journal-file.ts';
import { JOURNAL, JOURNAL_NEW, journalPath } from './paths.ts';
import { writeDurably } from './write-durably.ts';

/** `flush`: acknowledged is what survives power loss. `os`: what survives the end of the process. */
export type Durability = 'flush' | 'os';

export interface JournalMakerDeps {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly durability: Durability;
  readonly spareJournalFilesMax: number;
}

/** A journal file without a group. */
export interface NewJournalFile {
  readonly number: number;
  readonly file: DiskFile;
  readonly salt: number;
  /** Where its groups begin. */
  readonly bytes: number;
  /** Of the file, with what stands there from its former life. */
  readonly fileBytes: number;
}

interface Spare {
  readonly number: number;
  readonly fileBytes: number;
}

/**
 * Makes journal files, each sure to be there under its name after a crash, with its header: that is written while
 * the file has another name. Files that are not needed any more are used again, since writing over what is there
 * is several times as fast as growing a file: nothing but the data has to reach the disk.
 */
export class JournalMaker {
  readonly #deps: JournalMakerDeps;
  readonly #spares: Spare[] = [];
  #ready: { readonly number: number; readonly file: Promise<NewJournalFile> } | undefined;

  constructor(deps: JournalMakerDeps) {
    this.#deps = deps;
  }

  /** Begins to make the file, so that nobody has to wait for it. If that fails, `take` tries again. */
  prepare(number: number): void {
    if (this.#ready !== undefined) return;
    const ready = { number, file: this.#make(number) };
    this.#ready = ready;
    ready.file.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
  }

  take(number: number): Promise<NewJournalFile> {
    const ready = this.#ready;
    this.#ready = undefined;
    return ready?.number === number ? ready.file : this.#make(number);
  }

  /** Takes a file that is not needed any more; it goes when there are enough. */
  async recycle(spare: Spare): Promise<void> {
    if (this.#spares.length < this.#deps.spareJournalFilesMax) this.#spares.push(spare);
    else await this.#deps.disk.remove(journalPath(spare.number));
  }

  /** Gives the space of the spare files back; one that cannot be removed stays a spare. */
  async removeSpares(): Promise<void> {
    for (const spare of this.#spares.splice(0)) {
      try {
        await this.#deps.disk.remove(journalPath(spare.number));
      } catch {
        this.#spares.push(spare);
      }
    }
  }

  async close(): Promise<void> {
    const ready = await this.#ready?.file.catch(() => undefined);
    if (ready !== undefined) await closeQuietly(ready.file);
  }

  async #make(number: number): Promise<NewJournalFile> {
    const { disk } = this.#deps;
    const spare = this.#spares.pop();
    const path = spare === undefined ? JOURNAL_NEW : journalPath(spare.number);
    const file = await disk.open(path, { create: true, durable: this.#deps.durability === 'flush' });
    try {
      if (spare === undefined) await file.truncate(0);
      const header = await this.#writeHeader(file, number, spare !== undefined);
      await disk.rename(path, journalPath(number));
      await disk.syncDirectory(JOURNAL);
      const fileBytes = spare?.fileBytes ?? header.length;
      return { number, file, salt: saltOf(header), bytes: header.length, fileBytes };
    } catch (error) {
      // Nobody looks at it under either name: the next try begins anew.
      await closeQuietly(file);
      throw error;
    }
  }

  async #writeHeader(file: DiskFile, number: number, isReused: boolean): Promise<Buffer> {
    const { clock, durability } = this.#deps;
    const isSynced = durability === 'flush';
    const header = encodeJournalHeader({ number, isSynced, isReused, createdMs: clock.now() });
    await writeDurably(file, [header], 0);
    return header;
  }
}
