import type { Disk, DiskFile } from '@millrace/core';
import { isNotFound } from '../errors.ts';
import { JOURNAL, LOGS, MANIFEST, ROOT } from '../paths.ts';
import { withFile } from '../read-whole.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';

const PORTION_BYTES = 1024 * 1024;

export interface CopyOptions {
  readonly source: Disk;
  readonly snapshot: Snapshot;
  /** Empty. It holds no store before the last step, and then the whole one. */
  readonly target: Disk;
  readonly signal: AbortSignal;
  /** Files that the snapshot names and that are not there, which a damaged store may have. */
  readonly onMissing: (path: string) => void;
  readonly onProgress?: ((bytes: number) => void) | undefined;
  readonly onJournalCopied?: (() => void) | undefined;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/**
 * Copies the journal, then the segments, then the manifest; each file is synced, and the names at the end of each
 * step. Indexes are left out: they are made again. Rejects with the signal's reason when it aborts.
 */
export const copySnapshot = async (options: CopyOptions): Promise<number> => {
  const { snapshot, target, onJournalCopied } = options;
  const copy = new Copy(options);
  for (const directory of [JOURNAL, LOGS]) await target.makeDirectory(directory);
  await copy.files(snapshot.journal);
  onJournalCopied?.();
  await copy.files(snapshot.segments);
  for (const directory of [JOURNAL, LOGS, ROOT]) await target.syncDirectory(directory);
  await writeNew(target, MANIFEST, snapshot.manifest);
  return copy.bytes;
};

/** A file that is there whole or not at all after a crash. */
const writeNew = async (target: Disk, path: string, bytes: Uint8Array): Promise<void> => {
  const file = await target.open(`${path}.new`, { create: true });
  try {
    await file.write([bytes], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await target.rename(`${path}.new`, path);
  await target.syncDirectory(ROOT);
};

class Copy {
  bytes = 0;
  readonly #options: CopyOptions;
  readonly #portion = Buffer.allocUnsafeSlow(PORTION_BYTES);

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  async files(files: readonly SnapshotFile[]): Promise<void> {
    const { target } = this.#options;
    const directories = new Set<string>();
    for (const file of files) {
      const directory = parentOf(file.path);
      if (!directories.has(directory)) await target.makeDirectory(directory);
      directories.add(directory);
      await this.#file(file);
    }
    for (const directory of directories) await target.syncDirectory(directory);
  }

  async #file({ path, bytes }: SnapshotFile): Promise<void> {
    const { source, onMissing } = this.#options;
    try {
      await withFile(source, path, async (from) => this.#contents(from, path, bytes ?? (await from.size())));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      onMissing(path);
    }
  }

  async #contents(from: DiskFile, path: string, bytes: number): Promise<void> {
    const { target, signal, onProgress } = this.#options;
    const to = await target.open(path, { create: true });
    try {
      for (let offset = 0; offset < bytes; ) {
        signal.throwIfAborted();
        const wanted = this.#portion.subarray(0, Math.min(bytes - offset, PORTION_BYTES));
        const portion = wanted.subarray(0, await from.read(wanted, offset));
        if (portion.length === 0) break;
        await to.write([portion], offset);
        offset += portion.length;
        this.bytes += portion.length;
        onProgress?.(this.bytes);
      }
      await to.sync();
    } finally {
      await to.close();
    }
  }
}
