import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A record as the Java program takes it. */
export interface GivenRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}

export interface KplAttempt {
  readonly successful: boolean;
  readonly delayMs: number;
  readonly durationMs: number;
  /** Empty when it succeeded. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** What the library tells of a record. */
export interface KplOutcome {
  readonly successful: boolean;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly attempts: readonly KplAttempt[];
}

export interface Loaded {
  readonly acknowledged: number;
  readonly failed: number;
  readonly seconds: number;
}

/** A user record as the Java consumer library unpacked it; data in base64. */
export interface Unpacked {
  readonly partitionKey: string;
  readonly explicitHashKey: string | null;
  readonly subSequenceNumber: number;
  readonly aggregated: boolean;
  readonly data: string;
}

interface Answer {
  readonly id: number;
  readonly output?: unknown;
  readonly error?: string;
}

export interface DriverOptions {
  readonly classPath: string;
  /** Of the process, and where the library unpacks its native program. */
  readonly folder: string;
  readonly flags?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

const JAVA = 'java';
/** No command of ours takes so long. */
const ANSWER_TIMEOUT_MS = 120_000;
const STDERR_CHARACTERS_KEPT = 4_000;

const inJson = ({ partitionKey, explicitHashKey, data }: GivenRecord) => ({
  partitionKey,
  explicitHashKey,
  data: Buffer.from(data).toString('base64'),
});

/** One JVM with the Kinesis Producer Library in it: tests/kpl/java. */
export class KplDriver {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  #stderr = '';
  #lastId = 0;

  constructor({ classPath, folder, flags = [], environment = {} }: DriverOptions) {
    this.#process = spawn(JAVA, [...flags, `-Djava.io.tmpdir=${folder}`, '-cp', classPath, 'Main'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        LANG: 'C.UTF-8',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#process, 'close').then(() => this.#failAll('the Java program has ended'));
    createInterface(this.#process.stdout).on('line', (line) => this.#answered(JSON.parse(line)));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS_KEPT);
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** With the library's own names of settings. */
  async open(producer: string, settings: Readonly<Record<string, string | number | boolean>>): Promise<void> {
    await this.#ask('open', { producer, settings });
  }

  /** What became of each, when all are settled. */
  async put(producer: string, stream: string, records: readonly GivenRecord[]): Promise<KplOutcome[]> {
    return (await this.#ask('put', { producer, stream, records: records.map(inJson) })) as KplOutcome[];
  }

  async load(
    producer: string,
    load: { stream: string; bytes: number; seconds: number; outstandingMax: number },
  ): Promise<Loaded> {
    return (await this.#ask('load', { producer, ...load })) as Loaded;
  }

  async closeProducer(producer: string): Promise<void> {
    await this.#ask('close', { producer });
  }

  /** By the Java consumer library. */
  async unpack(
    records: readonly GivenRecord[],
    range: { startingHashKey: string; endingHashKey: string },
  ): Promise<Unpacked[]> {
    return (await this.#ask('unpack', { records: records.map(inJson), ...range })) as Unpacked[];
  }

  /** The end of its input is the end of the program. */
  async close(): Promise<void> {
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), ANSWER_TIMEOUT_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  async #ask(what: string, input: object): Promise<unknown> {
    const id = ++this.#lastId;
    const asked = Promise.withResolvers<unknown>();
    this.#asked.set(id, asked);
    this.#process.stdin.write(`${JSON.stringify({ id, do: what, ...input })}\n`);
    const timer = setTimeout(
      () => asked.reject(new Error(`no answer to ${what}\n${this.#stderr}`)),
      ANSWER_TIMEOUT_MS,
    );
    try {
      return await asked.promise;
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
    }
  }

  #answered({ id, output, error }: Answer): void {
    const asked = this.#asked.get(id);
    assert(asked !== undefined, `nothing was asked by the number ${id}`);
    if (error === undefined) asked.resolve(output);
    else asked.reject(new Error(error));
  }

  #failAll(why: string): void {
    for (const asked of this.#asked.values()) asked.reject(new Error(`${why}\n${this.#stderr}`));
  }
}
