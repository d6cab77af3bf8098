import assert from 'node:assert/strict';
import { type Clock, type Disk, DiskError, type DiskFile } from '@millrace/core';
import { closeQuietly } from './close-quietly.ts';
import { asLogError, isPassing } from './errors.ts';
import { encodeGroupHeader, encodeJournalHeader, GROUP_HEADER_BYTES, saltOf } from './journal-file.ts';
import { JOURNAL, journalPath } from './paths.ts';

/** `flush`: acknowledged is what survives power loss. `os`: what survives the end of the process. */
export type Durability = 'flush' | 'os';

export interface JournalDeps {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly durability: Durability;
  readonly journalFileBytesMax: number;
}

interface CurrentFile {
  readonly number: number;
  readonly file: DiskFile;
  readonly salt: number;
  /** Everything before it is good. */
  bytes: number;
  groups: number;
}

/** Makes a journal file that is sure to be there after a crash; nothing is left of one that could not be made. */
const makeFile = async (deps: JournalDeps, number: number): Promise<CurrentFile> => {
  const { disk, clock, durability } = deps;
  const header = encodeJournalHeader({ number, isSynced: durability === 'flush', createdMs: clock.now() });
  const file = await disk.open(journalPath(number), { create: true });
  try {
    await file.write([header], 0);
    await file.sync();
    await disk.syncDirectory(JOURNAL);
    return { number, file, salt: saltOf(header), bytes: header.length, groups: 0 };
  } catch (error) {
    await closeQuietly(file);
    await disk.remove(journalPath(number));
    throw error;
  }
};

/**
 * Where everything becomes durable: groups of frames, one after the other, in files of rising number. Only one
 * call at a time. After a failure other than `full` or `too-many-open-files` it must not be used any more.
 */
export class Journal {
  readonly #deps: JournalDeps;
  #current: CurrentFile;
  /** Sizes of the files before the current one that are still there, by number. */
  readonly #earlier: Map<number, number>;

  private constructor(deps: JournalDeps, current: CurrentFile, earlier: Map<number, number>) {
    this.#deps = deps;
    this.#current = current;
    this.#earlier = earlier;
  }

  /** Goes on in a new file, after those that are there. */
  static async start(deps: JournalDeps, number: number, earlier: Map<number, number>): Promise<Journal> {
    return new Journal(deps, await makeFile(deps, number), earlier);
  }

  get currentNumber(): number {
    return this.#current.number;
  }

  /** The current file holds no group. */
  get isCurrentEmpty(): boolean {
    return this.#current.groups === 0;
  }

  /** No file holds a group, as far as is known. */
  get isEmpty(): boolean {
    return this.isCurrentEmpty && this.#earlier.size === 0;
  }

  get totalBytes(): number {
    let total = this.#current.bytes;
    for (const bytes of this.#earlier.values()) total += bytes;
    return total;
  }

  /** Makes the frames durable together. Throws a `DiskError`; after a passing one nothing of them is left. */
  async write(frames: readonly Buffer[]): Promise<void> {
    if (this.#current.bytes >= this.#deps.journalFileBytesMax) await this.rotate();
    const current = this.#current;
    const header = encodeGroupHeader(current.salt, current.groups + 1, frames);
    try {
      await current.file.write([header, ...frames], current.bytes);
    } catch (error) {
      await this.#takeBack(error);
      throw error;
    }
    if (this.#deps.durability === 'flush') await current.file.sync();
    current.bytes += frames.reduce((sum, frame) => sum + frame.length, GROUP_HEADER_BYTES);
    current.groups += 1;
  }

  /** Begins the next file. The one before it is whole and safe by then, whatever the durability. */
  async rotate(): Promise<void> {
    const { file, number, bytes } = this.#current;
    if (this.#deps.durability === 'os') await file.sync();
    this.#current = await makeFile(this.#deps, number + 1);
    this.#earlier.set(number, bytes);
    await closeQuietly(file);
  }

  /** Removes the files before the one with the number. A crash may bring them back; the manifest tells. */
  async removeBefore(number: number): Promise<void> {
    assert(number <= this.#current.number, `journal file ${number} is not there yet`);
    for (const earlier of this.#earlier.keys()) {
      if (earlier >= number) continue;
      await this.#deps.disk.remove(journalPath(earlier));
      this.#earlier.delete(earlier);
    }
  }

  async close(): Promise<void> {
    await closeQuietly(this.#current.file);
  }

  /** What did not fit is cut off for good, so that an append that was refused does not come back after a crash. */
  async #takeBack(error: unknown): Promise<void> {
    if (!isPassing(asLogError(error, 'journal'))) return;
    try {
      await this.#current.file.truncate(this.#current.bytes);
      await this.#current.file.sync();
    } catch (cause) {
      throw new DiskError('broken', 'the journal could not be cut back after a write that did not fit', {
        cause,
      });
    }
  }
}
