import type { Command } from 'commander';
import { wholeNumber } from './numbers.ts';
import type { DumpCommandOptions } from './run-dump.ts';
import type { VerifyCommandOptions } from './run-verify.ts';

const DIRECTORY = 'the data directory; a server may run on it';

/** `millrace log`: looks into the files, and changes nothing. */
export const addLog = (program: Command): void => {
  const log = program
    .command('log')
    .summary('check or show what lies on the disk')
    .description('Looks into the files of a data directory and changes nothing in them.');
  log
    .command('verify')
    .summary('check everything that is stored')
    .description(
      'Reads all that is stored and checks every checksum, every batch and its place.\nEnds with 0 when all is well, 1 when something is damaged, 2 when it could not be checked.',
    )
    .argument('<directory>', DIRECTORY)
    .option('--json', 'one JSON object a line: the findings, then a summary')
    .action(async (directory: string, options: VerifyCommandOptions) => {
      const { runVerify } = await import('./run-verify.ts');
      await runVerify(directory, options);
    });
  log
    .command('dump')
    .summary('show batches and records as they are stored')
    .description(
      'Prints a line for each batch: file, byte, kind, log, position, count, arrival, bytes, data key.\nFirst the segments, then what only the journal holds. Damaged places are told of and passed over.',
    )
    .argument('<directory>', DIRECTORY)
    .option('--log <id>', 'of one log alone')
    .option('--from <position>', 'batches that reach to this position or further', wholeNumber)
    .option('--to <position>', 'batches that begin before this position', wholeNumber)
    .option('--journal', 'the journal alone, with everything that is in it')
    .option('--entries', 'the keys and the beginnings of the values, too')
    .option('--values', 'the keys and the whole values, too')
    .option('--json', 'one JSON object a line; values are in base64')
    .action(async (directory: string, options: DumpCommandOptions) => {
      const { runDump } = await import('./run-dump.ts');
      await runDump(directory, options);
    });
};
