import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Filling {
  readonly shardCount: number;
  /** Of values, in all shards together. */
  readonly bytes: number;
  readonly recordBytes: number;
  /** How it is left: closed in order, or as kill -9 leaves it. */
  readonly isKilled?: boolean;
}

/** Makes a store whose stream is as large as wanted, in a process of its own, or lets one grow. */
export const fillStore = async (dataDir: string, filling: Filling): Promise<void> => {
  const child = fork(new URL('./fill-main.ts', import.meta.url), [dataDir, JSON.stringify(filling)]);
  const [code, signal] = await once(child, 'exit');
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`filling the store ended with ${code ?? signal}`);
};
