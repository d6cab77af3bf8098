import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '../tests/clients/certificate.ts';
import type { DiskCounts } from './counting-disk.ts';

/** `durable`: the server as it ships. `floor`: everything but the log, which forgets what it is given. */
export type ServerKind = 'durable' | 'floor';

export interface Usage extends DiskCounts {
  readonly residentBytes: number;
}

export interface ServerProcess {
  readonly port: number;
  readonly dataDir: string;
  /** Since the start of the process. */
  usage(): Promise<Usage>;
  /** The usage at the end; undefined when it did not end as it should. */
  close(): Promise<Usage | undefined>;
}

export const makeDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'millrace-bench-'));

export const removeDataDir = (dataDir: string): Promise<void> =>
  rm(dataDir, { recursive: true, force: true });

/**
 * A server in a process of its own, so that the load generator has the other core. It ends with this process.
 * A data directory that is given stays when it closes; with
 * a certificate it speaks TLS as well.
 */
export const startServerProcess = async (
  kind: ServerKind,
  given?: string,
  tls?: Certificate,
): Promise<ServerProcess> => {
  const dataDir = given ?? (await makeDataDir());
  const child = fork(new URL('./server-main.ts', import.meta.url), [
    kind,
    dataDir,
    JSON.stringify(tls ?? {}),
  ]);
  const exited = once(child, 'exit');
  const close = async (): Promise<Usage | undefined> => {
    const answer = once(child, 'message').then(([last]) => last);
    child.kill('SIGTERM');
    const last = await Promise.race([answer, exited.then(() => undefined)]);
    await exited;
    if (given === undefined) await removeDataDir(dataDir);
    return last;
  };
  const usage = async (): Promise<Usage> => {
    const answer = once(child, 'message');
    child.send('usage');
    return (await answer)[0];
  };
  const [port] = await Promise.race([once(child, 'message'), exited.then(() => [])]);
  if (typeof port === 'number') return { port, dataDir, usage, close };
  await close();
  throw new Error(`the ${kind} server ended before it was ready`);
};
