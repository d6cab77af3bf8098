import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type KclEvent, parseEvent } from './kcl-event.ts';
import { WorkerLog } from './worker-log.ts';

const END_DEADLINE_MS = 60_000;

/** A process with workers in it, which tells on standard output what they do and on standard error what it minds. */
export class WorkerProcess {
  readonly events: KclEvent[] = [];
  readonly log = new WorkerLog();
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<unknown>;

  constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, {
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', AWS_EC2_METADATA_DISABLED: 'true' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#process, 'close');
    createInterface(this.#process.stdout).on('line', (line) => {
      const event = parseEvent(line);
      if (event !== undefined) this.events.push(event);
    });
    createInterface(this.#process.stderr).on('line', (line) => this.log.add(line));
  }

  protected tell(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** As a machine that loses its power. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  /** Stops all workers in good order; gives the exit code, null of a process that has to be killed. */
  async end(): Promise<number | null> {
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), END_DEADLINE_MS);
    this.#process.stdin.end();
    await this.#closed;
    clearTimeout(deadline);
    return this.#process.exitCode;
  }
}
