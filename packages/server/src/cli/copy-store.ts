import { constants } from 'node:os';
import { copySnapshot } from '@millrace/log-embedded';
import { copyKeys } from '../adapters/copy-keys.ts';
import { type NewDirectory, newDirectory } from '../adapters/new-directory.ts';
import { nodeClock } from '../adapters/node-clock.ts';
import { ByteProgress } from './byte-progress.ts';
import type { OpenStore } from './open-store.ts';

export interface Copied {
  /** Such as `1.2 GB in 2.0 s (600.0 MB/s)`. */
  readonly summary: string;
  /** Paths of the keys that lay beside the store and were copied. */
  readonly keys: readonly string[];
  /** Files that the store lacks. */
  readonly missing: readonly string[];
}

class Interrupted extends Error {
  constructor(signal: NodeJS.Signals) {
    super(`Ended by ${signal}; what had been copied is removed.`);
    this.name = 'Interrupted';
  }
}

/** Aborts with the first signal that asks the process to end; what was begun is undone then. */
const interruption = (): AbortSignal => {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      ending.abort(new Interrupted(signal));
    });
  }
  return ending.signal;
};

const copyInto = async (store: OpenStore, target: NewDirectory, withKeys: boolean): Promise<Copied> => {
  const progress = new ByteProgress('copied', nodeClock.monotonic, process.stderr);
  const missing: string[] = [];
  const keys = withKeys ? await copyKeys(store.disk, target.disk) : [];
  try {
    await copySnapshot({
      source: store.disk,
      snapshot: store.snapshot,
      target: target.disk,
      signal: AbortSignal.any([store.givenUp, interruption()]),
      onMissing: (path) => missing.push(path),
      onProgress(bytes) {
        store.goingOn();
        progress.set(bytes);
      },
      onJournalCopied: () => store.journalDone(),
    });
  } finally {
    progress.clear();
  }
  return { summary: progress.summary, keys, missing };
};

/** Copies the store into a directory that is new or empty; when it fails, the directory is as it was. */
export const copyStore = async (store: OpenStore, to: string, withKeys: boolean): Promise<Copied> => {
  const target = await newDirectory(to);
  try {
    const copied = await copyInto(store, target, withKeys);
    await target.keep();
    return copied;
  } catch (error) {
    await target.remove();
    throw error;
  }
};
