import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface RunOptions {
  /** A program that runs it, with its flags. */
  readonly under?: readonly string[];
}

/** A server process that may be killed at any moment, also before it is ready. */
export class KilledServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #stderr: Promise<string>;
  /** Undefined when the process has ended before it was ready. */
  readonly ready: Promise<string | undefined>;

  constructor(args: readonly string[], { under = [] }: RunOptions = {}) {
    const [program = '', ...rest] = [...under, process.execPath, ...args];
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#closed = once(child, 'close');
    this.#stderr = text(child.stderr);
    this.ready = this.#untilReady(createInterface({ input: child.stdout }));
  }

  /** Its exit code, once it has ended by itself. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  /** Stops it as Ctrl-Z does, and lets it go on. */
  suspend(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** Asks it to end, and kills it so many milliseconds later. */
  async killInDrain(drainMs: number): Promise<void> {
    this.#child.kill('SIGTERM');
    await pause(drainMs);
    await this.kill();
  }

  /** Asks it to end; gives its exit code. */
  async end(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#closed;
    return this.#child.exitCode;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All that it said on standard error, once it is gone. */
  get messages(): Promise<string> {
    return this.#stderr;
  }

  async endpoint(): Promise<string> {
    const endpoint = await this.ready;
    if (endpoint === undefined)
      throw new Error(`the server ended before it was ready:\n${await this.#stderr}`);
    return endpoint;
  }

  async #untilReady(lines: AsyncIterable<string>): Promise<string | undefined> {
    for await (const line of lines) {
      const endpoint = /ready at (\S+)/.exec(line)?.[1];
      if (endpoint !== undefined) return endpoint;
    }
    return undefined;
  }
}
