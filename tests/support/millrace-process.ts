import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Ran, runProgram } from './run-program.ts';

const MAIN = fileURLToPath(import.meta.resolve('@millrace/server/main'));

/** Runs the command line as a user would; standard input and output are pipes. */
export const millrace = (...args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  return child;
};

/** Runs to the end and gives what was printed. */
export const runMillrace = (...args: readonly string[]): Promise<Ran> => runProgram([MAIN, ...args]);

export interface ServerProcess {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it with the signal and waits until it is gone; gives its exit code. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** A server in a process of its own; resolves when it says that it is ready. */
export const serverProcess = async (...args: readonly string[]): Promise<ServerProcess> => {
  const child = millrace('serve', '--log-level', 'warn', ...args);
  const closed = once(child, 'close');
  const stderr = text(child.stderr);
  for await (const line of createInterface({ input: child.stdout })) {
    const endpoint = /ready at (\S+)/.exec(line)?.[1];
    if (endpoint === undefined) continue;
    child.stdout.resume();
    return {
      endpoint,
      port: Number(new URL(endpoint).port),
      pid: child.pid ?? 0,
      async end(signal) {
        child.kill(signal);
        const [code] = await closed;
        return code;
      },
    };
  }
  throw new Error(`the server ended before it was ready:\n${await stderr}`);
};
