import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(import.meta.resolve('@millrace/server/main'));

/** What a processor says of itself, and of which shard it is. */
export interface Told {
  readonly shardId: string;
  readonly event: string;
  readonly key?: string;
  readonly data?: string;
  readonly sub?: number;
  readonly sequenceNumber?: string;
  readonly error?: string;
}

const parsed = (line: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
};

/** `millrace kcl-daemon` as a user would run it; its log is read. */
export class DaemonProcess {
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  /** What its processors told, in order. */
  readonly told: Told[] = [];
  /** Lines of its log, and what it printed beside. */
  readonly log: string[] = [];

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#process = spawn(process.execPath, [MAIN, 'kcl-daemon', '--log-format', 'json', ...args], {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.#closed = once(this.#process, 'close');
    const input = this.#process.stderr;
    if (input !== null) createInterface({ input }).on('line', (line) => this.#hear(line));
  }

  /** Of one kind. */
  of(event: string): Told[] {
    return this.told.filter((told) => told.event === event);
  }

  /** The data of its records, in order. */
  get data(): string[] {
    return this.of('record').map(({ data = '' }) => data);
  }

  /** Its exit code, or 128 and the signal's number. */
  async ended(): Promise<number | null> {
    const [code] = await this.#closed;
    return code as number | null;
  }

  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#process.kill(signal);
    return this.ended();
  }

  #hear(line: string): void {
    this.log.push(line);
    const { kind, shardId, from, line: text } = parsed(line);
    if (kind !== 'childOutput' || from !== 'stderr') return;
    const { event, ...rest } = parsed(String(text));
    if (event !== undefined) this.told.push({ shardId: String(shardId), event: String(event), ...rest });
  }
}
