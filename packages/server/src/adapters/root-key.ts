import { readFile } from 'node:fs/promises';
import { type Disk, DiskError, type Random } from '@millrace/core';
import { parseRootKey, RootKeyError, type RootKeySource } from '@millrace/identity';

const FILE = 'root-key';
const KEY_BYTES = 32;

export interface RootKeyOptions {
  /** Base64. */
  readonly rootKey: string | undefined;
  readonly rootKeyFile: string | undefined;
  readonly disk: Disk;
  readonly random: Random;
  /** The key in use lies in the data directory; it was made just now, or earlier. */
  readonly onKeyBesideData: () => void;
}

const stored = async (disk: Disk): Promise<Uint8Array | undefined> => {
  try {
    const file = await disk.open(FILE);
    try {
      const bytes = Buffer.alloc(await file.size());
      await file.read(bytes, 0);
      return parseRootKey(bytes.toString('latin1'), `The file ${FILE} in the data directory`);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DiskError && error.code === 'not-found') return undefined;
    throw error;
  }
};

/** Readable by its owner alone, as everything in the data directory. There whole or not at all. */
const store = async (disk: Disk, key: Uint8Array): Promise<void> => {
  const file = await disk.open(`${FILE}.new`, { create: true });
  try {
    await file.truncate(0);
    await file.write([Buffer.from(`${Buffer.from(key).toString('base64')}\n`)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(`${FILE}.new`, FILE);
  await disk.syncDirectory('');
};

const given = (key: Uint8Array): RootKeySource => ({ read: async () => key, make: async () => key });

const fileText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'latin1');
  } catch (cause) {
    throw new RootKeyError(`The root key cannot be read: ${cause instanceof Error ? cause.message : cause}`);
  }
};

const besideData = ({ disk, random, onKeyBesideData }: RootKeyOptions): RootKeySource => ({
  async read() {
    const key = await stored(disk);
    if (key !== undefined) onKeyBesideData();
    return key;
  },

  async make() {
    const key = random.bytes(KEY_BYTES);
    await store(disk, key);
    onKeyBesideData();
    return key;
  },
});

/** The key that was given, by itself or by its file; else one in the data directory, made when it is needed. */
export const rootKeySource = async (options: RootKeyOptions): Promise<RootKeySource> => {
  const { rootKey, rootKeyFile } = options;
  if (rootKey !== undefined) return given(parseRootKey(rootKey, 'MILLRACE_ROOT_KEY'));
  if (rootKeyFile === undefined) return besideData(options);
  return given(parseRootKey(await fileText(rootKeyFile), `The file ${rootKeyFile}`));
};
