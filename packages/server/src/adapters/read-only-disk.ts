import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, DiskError } from '@millrace/core';
import { NodeFile, translated } from './node-file.ts';

const refuse = async (): Promise<never> => {
  throw new DiskError('read-only', 'the directory was opened for reading');
};

/** The directory tree below `root`, which nothing can change through it. */
export const readOnlyDisk = (root: string): Disk => ({
  async list(path) {
    try {
      return (await translated(readdir(join(root, path)))).sort();
    } catch (error) {
      if (error instanceof DiskError && error.code === 'not-found') return [];
      throw error;
    }
  },
  open: async (path) => new NodeFile(await translated(open(join(root, path), 'r'))),
  makeDirectory: refuse,
  remove: refuse,
  rename: refuse,
  syncDirectory: refuse,
});
