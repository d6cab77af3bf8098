import { copyStore } from './copy-store.ts';
import { CannotOpenStore, openStore } from './open-store.ts';
import { verifyStore } from './run-verify.ts';

export interface RestoreCommandOptions {
  readonly to: string;
  readonly force?: boolean;
}

class BackupDamaged extends Error {
  constructor(directory: string) {
    super(
      `${directory} is damaged, so nothing was restored. With --force it is restored as it is: what is damaged is never served as data; where it says that the store will not open, it will not.`,
    );
    this.name = 'BackupDamaged';
  }
}

/** `millrace restore`: checks first, and copies only what is good unless it is told otherwise. */
export const runRestore = async (
  directory: string,
  { to, force = false }: RestoreCommandOptions,
): Promise<void> => {
  const store = await openStore(directory);
  try {
    if (!store.isAtRest) {
      throw new CannotOpenStore(
        `A server runs on ${directory}. To copy a running store, use \`millrace backup\`.`,
      );
    }
    const isGood = await verifyStore(store, {});
    if (!isGood && !force) throw new BackupDamaged(directory);
    const { summary, keys } = await copyStore(store, to, true);
    const key = keys.includes('root-key') ? '' : ' --root-key-file FILE (if streams were encrypted)';
    process.stdout.write(
      `Restored ${summary} to ${to}. Start it with:\n  millrace serve --data-dir ${to}${key}\n`,
    );
  } finally {
    await store.close();
  }
};
