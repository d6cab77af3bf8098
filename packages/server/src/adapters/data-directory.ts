import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Disk } from '@millrace/core';
import { lockDataDirectory } from './data-directory-lock.ts';
import { nodeDisk } from './node-disk.ts';

/** Makes the directory if need be and holds it for this process until `release`. */
export const dataDirectory = async (path: string): Promise<{ disk: Disk; release(): Promise<void> }> => {
  const directory = resolve(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await lockDataDirectory(directory);
  return { disk: nodeDisk(directory), release: () => lock.release() };
};
