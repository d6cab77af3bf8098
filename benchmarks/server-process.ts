import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `durable`: the server as it ships. `floor`: everything but the log, which forgets what it is given. */
export type ServerKind = 'durable' | 'floor';

export interface ServerProcess {
  readonly port: number;
  close(): Promise<void>;
}

/** A server in a process of its own, so that the load generator has the other core. It ends with this process. */
export const startServerProcess = async (kind: ServerKind): Promise<ServerProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const child = fork(new URL('./server-main.ts', import.meta.url), [kind, dataDir]);
  const exited = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  };
  const [port] = await Promise.race([once(child, 'message'), exited.then(() => [])]);
  if (typeof port === 'number') return { port, close };
  await close();
  throw new Error(`the ${kind} server ended before it was ready`);
};
