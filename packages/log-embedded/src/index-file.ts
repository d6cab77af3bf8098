import type { Disk } from '@millrace/core';
import { isNotFound } from './errors.ts';
import { readWhole } from './read-whole.ts';
import { encodeIndexEntry, INDEX_ENTRY_BYTES, type IndexEntry } from './sparse-index.ts';

/** All bytes of an index file; none when there is no such file. */
export const readIndexFile = async (disk: Disk, path: string): Promise<Buffer> => {
  try {
    return await readWhole(disk, path);
  } catch (error) {
    if (isNotFound(error)) return Buffer.alloc(0);
    throw error;
  }
};

/** Puts the entries behind the first `count`. Not synced: what a crash takes is made again from the segment. */
export const writeIndexFile = async (
  disk: Disk,
  path: string,
  count: number,
  entries: readonly IndexEntry[],
): Promise<void> => {
  if (entries.length === 0) return;
  const file = await disk.open(path, { create: true });
  try {
    await file.write(entries.map(encodeIndexEntry), count * INDEX_ENTRY_BYTES);
  } finally {
    await file.close();
  }
};
