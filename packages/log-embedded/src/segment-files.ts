import type { Disk, DiskFile, OpenOptions } from '@millrace/core';
import { closeQuietly } from './close-quietly.ts';
import { closed } from './errors.ts';
import type { Segment } from './segment.ts';

interface OpenFile {
  readonly file: Promise<DiskFile>;
  users: number;
  /** To be closed by its last user. */
  isLeaving: boolean;
}

/** Segment files that are open: the most recently used stay so, up to a bound. A file in use is never closed. */
export class SegmentFiles {
  /** In the order of their last use. */
  readonly #open = new Map<Segment, OpenFile>();
  readonly #disk: Disk;
  readonly #openFilesMax: number;
  #isClosed = false;

  constructor(disk: Disk, openFilesMax: number) {
    this.#disk = disk;
    this.#openFilesMax = openFilesMax;
  }

  async use<Result>(
    segment: Segment,
    work: (file: DiskFile) => Promise<Result>,
    options: OpenOptions = {},
  ): Promise<Result> {
    if (this.#isClosed) throw closed();
    const entry = this.#entry(segment, options);
    entry.users += 1;
    try {
      return await work(await entry.file);
    } finally {
      entry.users -= 1;
      await this.#release(entry);
    }
  }

  /** Closes the segment's file as soon as nobody uses it. */
  async forget(segment: Segment): Promise<void> {
    const entry = this.#open.get(segment);
    if (entry === undefined) return;
    this.#open.delete(segment);
    segment.index = undefined;
    entry.isLeaving = true;
    await this.#release(entry);
  }

  async closeAll(): Promise<void> {
    this.#isClosed = true;
    for (const segment of [...this.#open.keys()]) await this.forget(segment);
  }

  #entry(segment: Segment, options: OpenOptions): OpenFile {
    const known = this.#open.get(segment);
    this.#open.delete(segment);
    const entry = known ?? { file: this.#disk.open(segment.path, options), users: 0, isLeaving: false };
    this.#open.set(segment, entry);
    if (known === undefined) entry.file.catch(() => this.#forgetUnopened(segment, entry));
    return entry;
  }

  #forgetUnopened(segment: Segment, entry: OpenFile): void {
    if (this.#open.get(segment) === entry) this.#open.delete(segment);
  }

  async #release(entry: OpenFile): Promise<void> {
    if (entry.isLeaving && entry.users === 0) await entry.file.then(closeQuietly, () => undefined);
    if (this.#open.size > this.#openFilesMax) await this.#closeOldest();
  }

  async #closeOldest(): Promise<void> {
    for (const [segment, { users }] of this.#open) {
      if (users === 0) return this.forget(segment);
    }
  }
}
