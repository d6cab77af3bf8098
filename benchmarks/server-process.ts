import { type ChildProcess, fork } from 'node:child_process';
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

/** A server in a process of its own, so that the load generator has the other core. */
export const startServerProcess = async (kind: ServerKind): Promise<ServerProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const child: ChildProcess = fork(new URL('./server-main.ts', import.meta.url), [kind, dataDir]);
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    async close() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
