#!/usr/bin/env node
import { Command } from 'commander';
import { version } from './adapters/version.ts';
import { addBackup } from './cli/backup-command.ts';
import { addKclDaemon } from './cli/kcl-daemon-command.ts';
import { addLog } from './cli/log-command.ts';
import { addPut } from './cli/put-command.ts';
import { addTail } from './cli/tail-command.ts';
import { addSettings } from './config/options.ts';
import type { Settings } from './config/settings.ts';

/** Problems that a user can mend are said in one line; anything else keeps its stack. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' || error.name === 'TypeError'
    ? (error.stack ?? error.message)
    : error.message;
};

const program = new Command('millrace')
  .description('The Amazon Kinesis family as software that you run yourself.')
  .version(version)
  .showHelpAfterError('Run with --help to see what is possible.')
  .configureHelp({ showGlobalOptions: true });

addSettings(
  program
    .command('serve')
    .description('serve the Kinesis APIs on one port until a signal ends it')
    .summary('serve the Kinesis APIs'),
).action(async (settings: Settings) => {
  const { serve } = await import('./cli/serve.ts');
  await serve(settings);
});
addPut(program);
addTail(program);
addBackup(program);
addLog(program);
addKclDaemon(program);

program.addHelpText(
  'after',
  `
Examples:
  millrace serve --data-dir /var/lib/millrace --stream orders:4
  millrace put orders --file orders.jsonl --partition-key .customer.id
  millrace tail orders --from earliest --format json
  millrace backup /var/lib/millrace --to /backup/millrace-monday
  millrace log verify /backup/millrace-monday
  millrace kcl-daemon --properties app.properties
  aws --endpoint-url http://127.0.0.1:4567 kinesis list-streams
`,
);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`millrace: ${explain(error)}\n`);
  process.exitCode ||= 1;
}
