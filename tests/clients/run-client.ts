import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cacheFolder } from '../../scripts/clients/cache.ts';
import type { Installer } from '../../scripts/clients/installer.ts';
import { ClientUnavailable } from '../../scripts/clients/unavailable.ts';
import { type ClientServer, startClientServer } from './client-server.ts';
import { type LawResult, parseReport, untold, type VariantResult } from './report.ts';

/** A program that speaks to the server and prints one line per law. */
export interface ClientProgram {
  readonly command: string;
  /** Those before `--endpoint` and the rest, which all programs take. */
  readonly args: readonly string[];
}

export interface Client {
  /** Installs what is missing; throws `ClientUnavailable` where that cannot be done. */
  readonly prepare: (installer: Installer) => Promise<ClientProgram>;
  /** The ways to connect that the program goes through in turn. */
  readonly variants: readonly string[];
  /** What each of them must tell of. */
  readonly laws: readonly string[] | ((variant: string) => readonly string[]);
  readonly streamName: string;
  /** How long the program may take; two minutes by default. */
  readonly timeoutMs?: number;
}

const INSTALL_TIMEOUT_MS = 420_000;
const PROGRAM_TIMEOUT_MS = 120_000;
const STDERR_CHARACTERS_SHOWN = 4000;

/** Credentials for the child alone, and nothing of the user's AWS settings. */
const childEnvironment = ({ folder, ca }: ClientServer): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  LANG: 'C.UTF-8',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: join(folder, 'no-config'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
  AWS_PAGER: '',
  // How Node's own programs are told of an authority.
  NODE_EXTRA_CA_CERTS: ca,
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const textOf = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
};

const runProgram = async (
  program: ClientProgram,
  server: ClientServer,
  { streamName, timeoutMs = PROGRAM_TIMEOUT_MS }: Client,
): Promise<Ended> => {
  const { endpoint, tlsEndpoint, ca, folder } = server;
  const given = ['--endpoint', endpoint, '--tls-endpoint', tlsEndpoint, '--ca', ca, '--stream', streamName];
  const child = spawn(program.command, [...program.args, ...given], {
    cwd: folder,
    env: childEnvironment(server),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
};

const checkLaw = ({ law, problem }: LawResult, variant: TestContext): Promise<void> =>
  variant.test(law, () => {
    if (problem !== undefined) assert.fail(problem);
  });

const checkVariant = (told: VariantResult, { laws }: Client, client: TestContext): Promise<void> =>
  client.test(told.variant, async (variant) => {
    for (const result of told.results) await checkLaw(result, variant);
    const expected = typeof laws === 'function' ? laws(told.variant) : laws;
    assert.deepEqual(untold(told, expected), [], 'the program did not tell of these laws');
  });

const checkEnd = ({ code, stderr }: Ended, otherLines: readonly string[], lawsHeld: boolean): void => {
  const said = [...otherLines, stderr].join('\n').slice(-STDERR_CHARACTERS_SHOWN);
  assert.notEqual(code, null, `the program did not end in time\n${said}`);
  assert.equal(code === 0, lawsHeld, `exit code ${code} contradicts the laws\n${said}`);
};

const checkClient = async (client: Client, ended: Ended, t: TestContext): Promise<void> => {
  const { variants, otherLines } = parseReport(ended.stdout);
  if (ended.code !== 0 && ended.stderr !== '') t.diagnostic(ended.stderr.slice(-STDERR_CHARACTERS_SHOWN));
  for (const told of variants) await checkVariant(told, client, t);
  const lawsHeld = variants.every(({ results }) => results.every(({ problem }) => problem === undefined));
  checkEnd(ended, otherLines, lawsHeld);
  assert.deepEqual(
    variants.map(({ variant }) => variant),
    client.variants,
  );
};

const prepared = async ({ prepare }: Client, t: TestContext): Promise<ClientProgram | undefined> => {
  const say = (line: string) => process.stderr.write(`clients: ${line}\n`);
  try {
    return await prepare({ cache: cacheFolder(), say });
  } catch (error) {
    if (!(error instanceof ClientUnavailable) || process.env.CI === 'true') throw error;
    t.skip(error.message);
    return undefined;
  }
};

/** One test: installs the client if need be, serves it from memory, and makes each line a subtest. */
export const testClient = (name: string, client: Client): void => {
  test(name, { timeout: INSTALL_TIMEOUT_MS + (client.timeoutMs ?? PROGRAM_TIMEOUT_MS) }, async (t) => {
    const program = await prepared(client, t);
    if (program === undefined) return;
    const server = await startClientServer();
    t.after(() => server.close());
    await checkClient(client, await runProgram(program, server, client), t);
  });
};
