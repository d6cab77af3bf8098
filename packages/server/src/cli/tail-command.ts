import { type Command, Option } from 'commander';
import { addClientOptions, type ClientOptions } from './client-options.ts';
import { positiveNumber } from './numbers.ts';
import { parseStart, type Start } from './start-position.ts';

export interface TailCommandOptions extends ClientOptions {
  readonly from: Start;
  readonly format: 'text' | 'json';
  readonly untilCaughtUp?: boolean;
  readonly giveUpAfter: number;
}

export const addTail = (program: Command): void => {
  const command = program
    .command('tail')
    .summary('print the records of a stream')
    .description(
      'Prints the records of all shards of a stream, each shard in order and parents before children,\nand goes on as records come.',
    )
    .argument('<stream>', 'name of the stream')
    .addOption(
      new Option('--from <start>', 'earliest, latest, or a time such as 2026-05-01T12:00:00Z or 15m (ago)')
        .argParser((text: string) => parseStart(text))
        .default({ type: 'latest' }, 'latest'),
    )
    .addOption(
      new Option('--format <format>', 'text: the data and a newline; json: one object per record')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--until-caught-up', 'end when every record that is there now has been printed')
    .option(
      '--give-up-after <seconds>',
      'end when the server has not answered for so long',
      positiveNumber,
      60,
    );
  addClientOptions(command).action(async (stream: string, options: TailCommandOptions) => {
    const { runTail } = await import('./run-tail.ts');
    await runTail(stream, options);
  });
};
