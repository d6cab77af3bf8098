import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Disk } from '@millrace/core';
import { lockDataDirectory } from './data-directory-lock.ts';
import { nodeDisk } from './node-disk.ts';

class DirectoryNotEmpty extends Error {
  constructor(directory: string) {
    super(
      `${directory} is not empty. Give a directory that is empty or does not exist; nothing is ever overwritten.`,
    );
    this.name = 'DirectoryNotEmpty';
  }
}

export interface NewDirectory {
  readonly path: string;
  readonly disk: Disk;
  /** What was written stays. */
  keep(): Promise<void>;
  /** Removes all that was written, and the directory if it was made. */
  remove(): Promise<void>;
}

/** Nobody starts a server on it meanwhile; where the file system takes no sockets, nobody can. */
const heldIfPossible = async (directory: string): Promise<{ release(): Promise<void> }> => {
  try {
    return await lockDataDirectory(directory);
  } catch {
    return { release: async () => {} };
  }
};

/** Makes the directory, or takes one that is empty. */
export const newDirectory = async (given: string): Promise<NewDirectory> => {
  const path = resolve(given);
  const firstMade = await mkdir(path, { recursive: true, mode: 0o700 });
  if ((await readdir(path)).length > 0) throw new DirectoryNotEmpty(path);
  const lock = await heldIfPossible(path);
  return {
    path,
    disk: nodeDisk(path),
    async keep() {
      await lock.release();
      if (firstMade !== undefined) await nodeDisk(dirname(path)).syncDirectory('');
    },
    async remove() {
      await lock.release();
      for (const name of await readdir(path)) await rm(resolve(path, name), { recursive: true });
      if (firstMade !== undefined) await rm(path, { recursive: true });
    },
  };
};
