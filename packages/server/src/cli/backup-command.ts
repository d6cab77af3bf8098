import type { Command } from 'commander';
import type { BackupCommandOptions } from './run-backup.ts';
import type { RestoreCommandOptions } from './run-restore.ts';

/** `millrace backup` and `millrace restore`. */
export const addBackup = (program: Command): void => {
  program
    .command('backup')
    .summary('copy a store, running or not')
    .description(
      'Copies a data directory, whether a server runs on it or not, and checks the copy. Everything that was\nacknowledged before the command began is in it. The copy is a data directory itself.',
    )
    .argument('<directory>', 'the data directory')
    .requiredOption('--to <directory>', 'where the copy goes: a directory that is empty or does not exist')
    .option('--without-keys', 'leave out the root key and the certificate that lie in the data directory')
    .action(async (directory: string, options: BackupCommandOptions) => {
      const { runBackup } = await import('./run-backup.ts');
      await runBackup(directory, options);
    });
  program
    .command('restore')
    .summary('make a data directory from a backup')
    .description('Checks a backup and copies it into a data directory.')
    .argument('<backup>', 'what `millrace backup` has made')
    .requiredOption('--to <directory>', 'the data directory: one that is empty or does not exist')
    .option('--force', 'restore a backup that is damaged')
    .action(async (directory: string, options: RestoreCommandOptions) => {
      const { runRestore } = await import('./run-restore.ts');
      await runRestore(directory, options);
    });
};
