import { type Disk, DiskError } from '@millrace/core';

/** What the server keeps beside the store: the root key, and the certificate that it made. */
const ROOT_KEY = 'root-key';
const TLS = 'tls';
/** Keys and certificates are a few kilobytes. */
const KEY_BYTES_MAX = 1024 * 1024;

const read = async (disk: Disk, path: string): Promise<Buffer | undefined> => {
  try {
    const file = await disk.open(path);
    try {
      const bytes = Buffer.alloc(Math.min(await file.size(), KEY_BYTES_MAX));
      return bytes.subarray(0, await file.read(bytes, 0));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DiskError && error.code === 'not-found') return undefined;
    throw error;
  }
};

const write = async (disk: Disk, path: string, bytes: Buffer): Promise<void> => {
  const file = await disk.open(path, { create: true });
  try {
    await file.write([bytes], 0);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Copies the keys that lie beside the store, readable by their owner alone. Gives the paths of those there were. */
export const copyKeys = async (source: Disk, target: Disk): Promise<string[]> => {
  const names = (await source.list(TLS)).filter((name) => !name.endsWith('.new'));
  if (names.length > 0) await target.makeDirectory(TLS);
  const copied: string[] = [];
  for (const path of [ROOT_KEY, ...names.map((name) => `${TLS}/${name}`)]) {
    const bytes = await read(source, path);
    if (bytes === undefined) continue;
    await write(target, path, bytes);
    copied.push(path);
  }
  if (names.length > 0) await target.syncDirectory(TLS);
  await target.syncDirectory('');
  return copied;
};
