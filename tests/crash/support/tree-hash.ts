import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Of all names, modes and contents below the directory; of nothing, when it is not there. */
export const treeHash = async (directory: string): Promise<string> => {
  const hash = createHash('sha256');
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  for (const name of names.sort()) {
    const path = join(directory, name);
    const { mode } = await stat(path);
    hash.update(`${name}\0${mode}\0`);
    hash.update(await readFile(path).catch(() => Buffer.from('directory or socket')));
  }
  return hash.digest('hex');
};
