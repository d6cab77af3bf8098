import { type Command, Option } from 'commander';

export interface KclDaemonCommandOptions {
  readonly properties?: string;
  readonly propertiesFile?: string;
  readonly logConfiguration?: string;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly logFormat?: 'json' | 'pretty';
}

/** `millrace kcl-daemon`, in place of the command that starts the Java one. */
export const addKclDaemon = (program: Command): void => {
  program
    .command('kcl-daemon')
    .summary('run a KCL application written in another language')
    .description(
      'Runs the record processors of a Kinesis Client Library application for Node.js,\nPython, Ruby or .NET, as the MultiLangDaemon does, and needs no Java. It reads\nthe same properties file, works against Millrace and AWS, and shares leases with\nthe other workers of the application. A signal lets the processors checkpoint.',
    )
    .argument('[file]', 'the properties file')
    .option('-p, --properties <file>', 'the same')
    .addOption(new Option('--properties-file <file>', 'the same').hideHelp())
    .addOption(
      new Option('-l, --log-configuration <file>', 'accepted for the sake of old commands, and not read'),
    )
    .addOption(
      new Option('--log-level <level>', 'logs go to standard error, those of the processors too')
        .choices(['silent', 'error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'pretty on a terminal, json elsewhere').choices(['json', 'pretty']),
    )
    .action(async (file: string | undefined, options: KclDaemonCommandOptions, command: Command) => {
      const path = options.properties ?? options.propertiesFile ?? file;
      if (path === undefined) return command.error('error: name the properties file', { exitCode: 2 });
      const { runKclDaemon } = await import('./run-kcl-daemon.ts');
      await runKclDaemon(path, options);
    });
};
