import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Disk } from '@millrace/core';
import { AlignedRooms } from './aligned-rooms.ts';
import { DataDirectoryInUse, type DataDirectoryLock, lockDataDirectory } from './data-directory-lock.ts';
import { nodeDisk } from './node-disk.ts';

/** What a user can do about it, by the system's code. */
const ADVICE: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file. Give --data-dir a directory.',
  ENOTDIR: 'a part of its path is a file. Give --data-dir a directory.',
  EACCES: 'this user may not read and write it. Change its owner or its mode, or run as its owner.',
  EPERM: 'this user may not read and write it. Change its owner or its mode, or run as its owner.',
  EROFS: 'its file system is read-only. Mount it for writing; a disk with errors may need a check first.',
  ENOSPC: 'no space is left on its file system. Free some; a few hundred kilobytes are enough to start.',
};

class DataDirectoryUnusable extends Error {
  constructor(directory: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    super(`The data directory ${directory} cannot be used: ${ADVICE[code] ?? message}`, { cause });
    this.name = 'DataDirectoryUnusable';
  }
}

export interface HeldDirectory extends DataDirectoryLock {
  readonly disk: Disk;
}

/** Makes the directory if need be and holds it for this process until `release`. */
export const dataDirectory = async (path: string): Promise<HeldDirectory> => {
  const directory = resolve(path);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    const lock = await lockDataDirectory(directory);
    return { disk: nodeDisk(directory, await AlignedRooms.for(directory)), ...lock };
  } catch (error) {
    throw error instanceof DataDirectoryInUse ? error : new DataDirectoryUnusable(directory, error);
  }
};
