import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Disk } from '@millrace/core';
import { type Snapshot, snapshotOfDisk } from '@millrace/log-embedded';
import { DataDirectoryInUse, lockDataDirectory } from '../adapters/data-directory-lock.ts';
import { readOnlyDisk } from '../adapters/read-only-disk.ts';
import { snapshotOfServer } from '../adapters/snapshot-client.ts';

/** Words for the user; the command could not do its work. */
export class CannotOpenStore extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotOpenStore';
  }
}

/** A data directory opened for reading, whether a server runs on it or not. */
export interface OpenStore {
  readonly directory: string;
  /** Refuses every change. */
  readonly disk: Disk;
  readonly snapshot: Snapshot;
  /** No server runs on it, and none can until it is closed. */
  readonly isAtRest: boolean;
  /** Aborts when a running server takes the snapshot back. */
  readonly givenUp: AbortSignal;
  /** The journal is not needed any more. */
  journalDone(): void;
  /** To be called as the work goes on. */
  goingOn(): void;
  close(): Promise<void>;
}

/** A file system that takes no lock cannot be written by a server either. */
const UNWRITABLE = new Set(['EROFS', 'EACCES', 'EPERM']);

interface Lock {
  release(): Promise<void>;
}

const lockFor = async (directory: string): Promise<Lock | undefined> => {
  try {
    return await lockDataDirectory(directory);
  } catch (error) {
    if (error instanceof DataDirectoryInUse) return undefined;
    if (UNWRITABLE.has((error as NodeJS.ErrnoException).code ?? '')) return { release: async () => {} };
    throw error;
  }
};

const requireDirectory = async (directory: string): Promise<void> => {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined) throw new CannotOpenStore(`There is no directory ${directory}.`);
  if (!found.isDirectory()) throw new CannotOpenStore(`${directory} is not a directory.`);
};

const atRest = async (
  directory: string,
  lock: Lock,
  snapshotOf: (disk: Disk) => Promise<Snapshot | undefined>,
): Promise<OpenStore> => {
  const disk = readOnlyDisk(directory);
  try {
    const snapshot = await snapshotOf(disk);
    if (snapshot === undefined) throw new CannotOpenStore(`${directory} holds no store.`);
    return {
      directory,
      disk,
      snapshot,
      isAtRest: true,
      givenUp: new AbortController().signal,
      journalDone: () => {},
      goingOn: () => {},
      close: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const ofServer = async (directory: string): Promise<OpenStore> => {
  const held = await snapshotOfServer(directory);
  return {
    directory,
    disk: readOnlyDisk(directory),
    snapshot: held,
    isAtRest: false,
    givenUp: held.givenUp,
    journalDone: () => held.releaseJournal(),
    goingOn: () => held.goingOn(),
    close: async () => held.release(),
  };
};

/** Holds the directory, or takes a snapshot from the server that does. `snapshotOf` is for a store at rest. */
export const openStore = async (path: string, snapshotOf = snapshotOfDisk): Promise<OpenStore> => {
  const directory = resolve(path);
  await requireDirectory(directory);
  const lock = await lockFor(directory);
  return lock === undefined ? ofServer(directory) : atRest(directory, lock, snapshotOf);
};
