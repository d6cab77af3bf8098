import type { Disk, DiskFile } from '@millrace/core';

export interface DiskCounts {
  bytesRead: number;
  bytesWritten: number;
}

const countingFile = (file: DiskFile, counts: DiskCounts): DiskFile => ({
  size: () => file.size(),
  async read(target, offset) {
    const bytes = await file.read(target, offset);
    counts.bytesRead += bytes;
    return bytes;
  },
  write(buffers, offset) {
    for (const { length } of buffers) counts.bytesWritten += length;
    return file.write(buffers, offset);
  },
  truncate: (size) => file.truncate(size),
  sync: () => file.sync(),
  close: () => file.close(),
});

/** The disk, and how much went over it. */
export const countingDisk = (disk: Disk, counts: DiskCounts): Disk => ({
  makeDirectory: (path) => disk.makeDirectory(path),
  list: (path) => disk.list(path),
  open: async (path, options) => countingFile(await disk.open(path, options), counts),
  remove: (path) => disk.remove(path),
  rename: (from, to) => disk.rename(from, to),
  syncDirectory: (path) => disk.syncDirectory(path),
});
