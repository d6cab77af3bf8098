import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ProducerClient } from './producer-sample.ts';

/** What producer-client.ts is told in JSON. */
export interface ClientOptions {
  readonly way: string;
  readonly endpoint: string;
  readonly bytes: number;
  readonly outstandingMax: number;
}

/** A Node client in a process of its own. */
export const startClient = (options: ClientOptions, ca: string): ProducerClient => {
  const child = fork(new URL('./producer-client.ts', import.meta.url), [JSON.stringify(options)], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
  });
  const exited = once(child, 'exit').then((): never => {
    throw new Error(`the client ended early: ${options.way}`);
  });
  exited.catch(() => {});
  return {
    async round(seconds) {
      child.send(seconds);
      const [sample] = await Promise.race([once(child, 'message'), exited]);
      return sample;
    },
    async close() {
      child.kill();
      await exited.catch(() => {});
    },
  };
};
