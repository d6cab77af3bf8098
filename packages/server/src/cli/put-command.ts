import type { Command } from 'commander';
import { addClientOptions, type ClientOptions } from './client-options.ts';
import { positiveNumber } from './numbers.ts';
import { PARTITION_KEY_HELP } from './partition-key.ts';

export interface PutCommandOptions extends ClientOptions {
  readonly file?: string;
  readonly partitionKey: string;
  readonly parallel: number;
  readonly giveUpAfter: number;
  readonly acknowledgements?: boolean;
}

export const addPut = (program: Command): void => {
  const command = program
    .command('put')
    .summary('put lines into a stream')
    .description(
      'Puts every line of a file or of standard input into a stream as one record.\nLines of one partition key keep their order.',
    )
    .argument('<stream>', 'name of the stream')
    .option('--file <path>', 'file to read instead of standard input')
    .option('--partition-key <expression>', 'where a line has its partition key; see below', 'random')
    .option('--parallel <number>', 'requests under way at one time', positiveNumber, 8)
    .option('--give-up-after <seconds>', 'end when nothing was taken for so long', positiveNumber, 60)
    .option(
      '--acknowledgements',
      'print a JSON line on standard output for each record that the server took',
    );
  addClientOptions(command)
    .addHelpText('after', `\nPartition key expressions:\n  ${PARTITION_KEY_HELP.join('\n  ')}\n`)
    .action(async (stream: string, options: PutCommandOptions) => {
      const { runPut } = await import('./run-put.ts');
      await runPut(stream, options);
    });
};
