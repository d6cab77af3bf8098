import type { DiskFile } from '@millrace/core';

/** Writes and syncs: in one go where the disk can. */
export const writeDurably = async (
  file: DiskFile,
  buffers: readonly Uint8Array[],
  offset: number,
): Promise<void> => {
  await file.write(buffers, offset);
  if (file.isDurable !== true) await file.sync();
};
