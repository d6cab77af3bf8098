import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a client did once it was warm, and the most memory that its process held. */
export interface ConsumerSample {
  readonly records: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentBytesMax: number;
}

/** The words both clients are started with; see consumer-client.ts. */
export interface ClientWords {
  readonly endpoint: string;
  readonly stream: string;
  readonly application: string;
  readonly worker: string;
  readonly failoverMs: number;
  readonly idleMs: number;
  readonly warmRecords: number;
  readonly totalRecords: number;
  readonly [other: string]: string | number;
}

const OURS = fileURLToPath(new URL('./consumer-client.ts', import.meta.url));
const KCL_HEAP = '-Xmx1g';
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
const DEADLINE_MS = 170_000;

/** The high-water mark of its memory, where the system tells. */
const residentBytesMax = (pid: number): number => {
  const status = process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
};

/** A worker in a process of its own, ours or the Java library's, and the lines it tells. */
export class ConsumerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #lines: { readonly words: readonly string[]; readonly atMs: number }[] = [];
  #heard = Promise.withResolvers<void>();

  /** With a class path it is the Java library's. */
  constructor(words: ClientWords, classPath?: string) {
    const args = Object.entries(words).map(([name, value]) => `${name}=${value}`);
    const [program, before] =
      classPath === undefined
        ? [process.execPath, [OURS]]
        : ['java', [KCL_HEAP, QUIET, '-cp', classPath, 'KclClient']];
    this.#child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#exited = once(this.#child, 'exit').finally(() => this.#heard.resolve());
    if (this.#child.stdout === null) throw new Error('no standard output');
    createInterface(this.#child.stdout).on('line', (line) => {
      this.#lines.push({ words: line.split(' '), atMs: performance.now() });
      this.#heard.resolve();
    });
  }

  /** Of the lines with this first word: their second words, and when they came. */
  told(name: string): readonly { readonly word: string; readonly atMs: number }[] {
    return this.#lines
      .filter(({ words }) => words[0] === name)
      .map(({ words, atMs }) => ({ word: words[1] ?? '', atMs }));
  }

  /** Resolves once the condition holds; it is looked at whenever a line comes. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = setTimeout(() => this.#heard.resolve(), DEADLINE_MS);
    const endMs = performance.now() + DEADLINE_MS;
    while (!isSo()) {
      if (this.#child.exitCode !== null) throw new Error(`the client ended with ${this.#child.exitCode}`);
      if (performance.now() >= endMs) throw new Error('the client takes too long');
      await this.#heard.promise;
      this.#heard = Promise.withResolvers();
    }
    clearTimeout(deadline);
  }

  async done(): Promise<ConsumerSample> {
    await this.until(() => this.told('done').length > 0);
    const line = this.#lines.find(({ words }) => words[0] === 'done');
    const [total = 0, , seconds = 0, cpuSeconds = 0] = line?.words.slice(1).map(Number) ?? [];
    const records = total - Number(this.told('warm')[0]?.word);
    return { records, seconds, cpuSeconds, residentBytesMax: residentBytesMax(this.#child.pid ?? 0) };
  }

  /** Does nothing to one that has ended. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
