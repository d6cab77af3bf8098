import { type Disk, DiskError } from '@millrace/core';

const readWhole = async (disk: Disk, path: string): Promise<Buffer> => {
  const file = await disk.open(path);
  try {
    const bytes = Buffer.alloc(await file.size());
    return bytes.subarray(0, await file.read(bytes, 0));
  } finally {
    await file.close();
  }
};

/** All files below the path, as they are at this moment, by path. */
export const filesBelow = async (disk: Disk, path = ''): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  for (const name of await disk.list(path)) {
    const child = path === '' ? name : `${path}/${name}`;
    try {
      files.set(child, await readWhole(disk, child));
    } catch (error) {
      // A directory, or gone meanwhile: then it has nothing below it.
      if (!(error instanceof DiskError) || error.code !== 'not-found') throw error;
      for (const [below, bytes] of await filesBelow(disk, child)) files.set(below, bytes);
    }
  }
  return files;
};
