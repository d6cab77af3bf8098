import type { Disk, DiskFile } from '@millrace/core';

/** Opens, works, closes. */
export const withFile = async <Result>(
  disk: Disk,
  path: string,
  work: (file: DiskFile) => Promise<Result>,
): Promise<Result> => {
  const file = await disk.open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
};

/** The first bytes of a file, or all of them; fewer when it is shorter. */
export const readWhole = (disk: Disk, path: string, bytes?: number): Promise<Buffer> =>
  withFile(disk, path, async (file) => {
    const size = await file.size();
    const target = Buffer.allocUnsafeSlow(Math.min(bytes ?? size, size));
    return target.subarray(0, await file.read(target, 0));
  });
