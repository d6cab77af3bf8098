import { copyStore } from './copy-store.ts';
import { type OpenStore, openStore } from './open-store.ts';
import { verifyStore } from './run-verify.ts';

export interface BackupCommandOptions {
  readonly to: string;
  readonly withoutKeys?: boolean;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a copy of a key means for whoever keeps the copy. */
const keysText = (keys: readonly string[], withoutKeys: boolean): string => {
  if (withoutKeys)
    return 'Left out: the root key and the certificate. Keep the root key elsewhere: nothing encrypted can be read without it.';
  if (keys.length === 0)
    return 'No keys lie in the data directory. If streams were encrypted, keep the root key that the server was given.';
  return `With it: ${keys.join(', ')}. Who has the copy can read everything in it; --without-keys leaves them out.`;
};

const isGood = async (directory: string): Promise<boolean> => {
  const copy = await openStore(directory);
  try {
    return await verifyStore(copy, {});
  } finally {
    await copy.close();
  }
};

const copy = async (store: OpenStore, { to, withoutKeys = false }: BackupCommandOptions): Promise<void> => {
  say(store.isAtRest ? 'No server runs on it.' : 'A server runs on it, and goes on.');
  const { summary, keys, missing } = await copyStore(store, to, !withoutKeys);
  say(`Copied ${summary} to ${to}.`);
  for (const path of missing) say(`missing: ${path}`);
  say(keysText(keys, withoutKeys));
};

/** `millrace backup`: copies, then checks the copy, since only that tells that it will be good. */
export const runBackup = async (directory: string, options: BackupCommandOptions): Promise<void> => {
  const store = await openStore(directory);
  try {
    await copy(store, options);
  } finally {
    await store.close();
  }
  if (await isGood(options.to)) return;
  say('The copy is as damaged as the store. It was kept; see above for what can be read.');
  process.exitCode = 1;
};
