import { constants, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, DiskError, type DiskFile } from '@millrace/core';
import type { AlignedRooms } from './aligned-rooms.ts';
import { DirectFile } from './direct-file.ts';
import { NodeFile, translated } from './node-file.ts';

/** Elsewhere the flag is missing, or does not reach through the disk's own cache. */
const CAN_WRITE_DURABLY = process.platform === 'linux';

/** Opens, or with `O_CREAT` makes, a file in the way that is wanted. */
type Opener = (path: string, moreFlags: number) => Promise<DiskFile>;

const openCached = async (path: string, flags: number): Promise<NodeFile> =>
  new NodeFile(
    await translated(open(path, constants.O_RDWR | flags, 0o600)),
    (flags & constants.O_DSYNC) !== 0,
  );

const durableOpener = (rooms: AlignedRooms | undefined): Opener => {
  if (!CAN_WRITE_DURABLY) return openCached;
  if (rooms === undefined) return (path, flags) => openCached(path, constants.O_DSYNC | flags);
  return (path, flags) => DirectFile.open(path, rooms, flags);
};

/** The directory tree below `root`, readable by its owner alone. With rooms, durable files are written directly. */
export const nodeDisk = (root: string, rooms?: AlignedRooms): Disk => ({
  async makeDirectory(path) {
    await translated(mkdir(join(root, path), { recursive: true, mode: 0o700 }));
  },

  async list(path) {
    try {
      return (await translated(readdir(join(root, path)))).sort();
    } catch (error) {
      if (error instanceof DiskError && error.code === 'not-found') return [];
      throw error;
    }
  },

  async open(path, { create = false, durable = false } = {}) {
    const file = join(root, path);
    const openFile = durable ? durableOpener(rooms) : openCached;
    try {
      return await openFile(file, 0);
    } catch (error) {
      if (!create || !(error instanceof DiskError) || error.code !== 'not-found') throw error;
      return openFile(file, constants.O_CREAT | constants.O_EXCL);
    }
  },

  async remove(path) {
    await translated(rm(join(root, path), { recursive: true, force: true }));
  },

  async rename(from, to) {
    await translated(rename(join(root, from), join(root, to)));
  },

  async syncDirectory(path) {
    // Windows has no such call: there a rename is durable by itself.
    if (process.platform === 'win32') return;
    const directory = await translated(open(join(root, path), 'r'));
    try {
      await translated(directory.sync());
    } finally {
      await directory.close();
    }
  },
});
