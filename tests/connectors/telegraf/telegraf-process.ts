import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ClientServer } from '../../clients/client-server.ts';

const DEADLINE_MS = 60_000;

export interface TelegrafEnd {
  readonly code: number | null;
  readonly stderr: string;
}

export interface TelegrafProcess {
  readonly ended: Promise<TelegrafEnd>;
  /** Asks it to end as an administrator would, and waits. */
  stop(): Promise<TelegrafEnd>;
}

/** Credentials and the table service's address by the SDK's own variables, nothing of the user's. */
const environment = ({ endpoint, folder }: ClientServer): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
});

export interface TelegrafRun {
  readonly program: string;
  readonly server: ClientServer;
  /** Names its configuration file. */
  readonly name: string;
  readonly configuration: string;
  readonly flags?: readonly string[];
}

export const runTelegraf = async (telegraf: TelegrafRun): Promise<TelegrafProcess> => {
  const { program, server, name, configuration, flags = [] } = telegraf;
  const file = join(server.folder, `${name}.conf`);
  await writeFile(file, configuration);
  const child = spawn(program, ['--config', file, ...flags], {
    cwd: server.folder,
    env: environment(server),
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const ended = Promise.all([once(child, 'close') as Promise<[number | null]>, text(child.stderr)]).then(
    ([[code], stderr]) => ({ code, stderr }),
  );
  return {
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
};
