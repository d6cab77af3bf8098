import assert from 'node:assert/strict';
import { DiskError } from '@millrace/core';
import { closeQuietly } from './close-quietly.ts';
import { asLogError, isPassing } from './errors.ts';
import { encodeGroupHeader, GROUP_HEADER_BYTES } from './journal-file.ts';
import { JournalMaker, type JournalMakerDeps, type NewJournalFile } from './journal-maker.ts';
import { journalPath } from './paths.ts';
import { inFewPieces } from './slab.ts';
import { writeDurably } from './write-durably.ts';

export type { Durability } from './journal-maker.ts';

export interface JournalDeps extends JournalMakerDeps {
  readonly journalFileBytesMax: number;
}

interface CurrentFile extends NewJournalFile {
  /** Where the groups of the file before this one end. */
  readonly previousEnd: number;
  /** Everything before it is good. */
  bytes: number;
  fileBytes: number;
  groups: number;
}

interface EarlierFile {
  /** Of its groups and header. */
  readonly bytes: number;
  /** Undefined when it is not fit to be used again. */
  readonly fileBytes?: number | undefined;
}

const currentOf = (file: NewJournalFile, previousEnd: number): CurrentFile => ({
  ...file,
  previousEnd,
  groups: 0,
});

/**
 * Where everything becomes durable: groups of frames, one after the other, in files of rising number. Only one
 * call at a time. After a failure other than `full` or `too-many-open-files` it must not be used any more.
 */
export class Journal {
  readonly #deps: JournalDeps;
  readonly #maker: JournalMaker;
  #current: CurrentFile;
  /** The files before the current one that are still there, by number. */
  readonly #earlier: Map<number, EarlierFile>;

  private constructor(
    deps: JournalDeps,
    maker: JournalMaker,
    current: CurrentFile,
    ends: Map<number, number>,
  ) {
    this.#deps = deps;
    this.#maker = maker;
    this.#current = current;
    this.#earlier = new Map([...ends].map(([number, bytes]) => [number, { bytes }]));
  }

  /** Goes on in a new file, after those that are there; `ends` says where their groups end. */
  static async start(deps: JournalDeps, number: number, ends: Map<number, number>): Promise<Journal> {
    const maker = new JournalMaker(deps);
    const current = currentOf(await maker.take(number), ends.get(number - 1) ?? 0);
    return new Journal(deps, maker, current, ends);
  }

  get currentNumber(): number {
    return this.#current.number;
  }

  /** Of the current file: everything before it is good. */
  get currentBytes(): number {
    return this.#current.bytes;
  }

  /** The current file holds no group. */
  get isCurrentEmpty(): boolean {
    return this.#current.groups === 0;
  }

  /** No file holds a group, as far as is known. */
  get isEmpty(): boolean {
    return this.isCurrentEmpty && this.#earlier.size === 0;
  }

  /** Of all groups: what a start would read. */
  get totalBytes(): number {
    let total = this.#current.bytes;
    for (const { bytes } of this.#earlier.values()) total += bytes;
    return total;
  }

  /** Makes the frames durable together. Throws a `DiskError`; after a passing one nothing of them is left. */
  async write(frames: readonly Buffer[]): Promise<void> {
    if (this.#current.bytes >= this.#deps.journalFileBytesMax) await this.rotate();
    const current = this.#current;
    const { salt, previousEnd } = current;
    const header = encodeGroupHeader({ salt, number: current.groups + 1, previousEnd }, frames);
    try {
      await this.#writeGroup([header, ...inFewPieces(frames)], current.bytes);
    } catch (error) {
      await this.#takeBack(error);
      throw error;
    }
    current.bytes += frames.reduce((sum, frame) => sum + frame.length, GROUP_HEADER_BYTES);
    current.fileBytes = Math.max(current.fileBytes, current.bytes);
    current.groups += 1;
    if (current.bytes * 2 >= this.#deps.journalFileBytesMax) this.#maker.prepare(current.number + 1);
  }

  /** Begins the next file. The one before it is whole and safe by then, whatever the durability. */
  async rotate(): Promise<void> {
    const { file, number, bytes, fileBytes } = this.#current;
    if (this.#deps.durability === 'os') await file.sync();
    this.#current = currentOf(await this.#takeFile(number + 1), bytes);
    const isFull = fileBytes >= this.#deps.journalFileBytesMax;
    this.#earlier.set(number, { bytes, fileBytes: isFull ? fileBytes : undefined });
    await closeQuietly(file);
  }

  /** Removes or uses again the files before the one with the number, which the manifest does not name any more. */
  async removeBefore(number: number): Promise<void> {
    assert(number <= this.#current.number, `journal file ${number} is not there yet`);
    for (const [earlier, { fileBytes }] of this.#earlier) {
      if (earlier >= number) continue;
      if (fileBytes === undefined) await this.#deps.disk.remove(journalPath(earlier));
      else await this.#maker.recycle({ number: earlier, fileBytes });
      this.#earlier.delete(earlier);
    }
  }

  /** Gives back the space of files that are kept to be used again. */
  removeSpares(): Promise<void> {
    return this.#maker.removeSpares();
  }

  async close(): Promise<void> {
    await this.#maker.close();
    await closeQuietly(this.#current.file);
  }

  /** What did not fit is cut off for good, so that an append that was refused does not come back after a crash. */
  async #takeBack(error: unknown): Promise<void> {
    if (!isPassing(asLogError(error, 'journal'))) return;
    const current = this.#current;
    try {
      await current.file.truncate(current.bytes);
      await current.file.sync();
    } catch (cause) {
      const reason = 'the journal could not be cut back after a write that did not fit';
      throw new DiskError('broken', reason, { cause });
    }
    current.fileBytes = current.bytes;
    await this.removeSpares();
  }

  async #writeGroup(buffers: readonly Uint8Array[], offset: number): Promise<void> {
    const { file } = this.#current;
    if (this.#deps.durability === 'os') await file.write(buffers, offset);
    else await writeDurably(file, buffers, offset);
  }

  async #takeFile(number: number): Promise<NewJournalFile> {
    try {
      return await this.#maker.take(number);
    } catch (error) {
      await this.removeSpares();
      throw error;
    }
  }
}
