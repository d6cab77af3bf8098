import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CreateConsumerOptions } from '@millrace/consumer';

const PROGRAM = fileURLToPath(import.meta.resolve('./consumer-process.ts'));

/** A worker in a process of its own. */
export class WorkerProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #events = new Set<string>();

  constructor(
    endpoint: string,
    streamName: string,
    workerId: string,
    settings: Partial<CreateConsumerOptions>,
    recordSeen: (key: string, round: number) => void,
  ) {
    const given = [PROGRAM, endpoint, streamName, workerId, JSON.stringify(settings)];
    this.#process = spawn(process.execPath, given, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exited = once(this.#process, 'exit');
    assert(this.#process.stdout !== null);
    createInterface(this.#process.stdout).on('line', (line) => {
      const [kind = '', key = '', round] = line.split(' ');
      if (kind === 'record') recordSeen(key, Number(round));
      else this.#events.add(kind);
    });
  }

  has(event: string): boolean {
    return this.#events.has(event);
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** In good order. */
  async end(): Promise<void> {
    this.#process.stdin?.end();
    await this.#exited;
  }
}
