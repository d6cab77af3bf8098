import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TestEvent } from './reporter.ts';

export interface FileResult {
  readonly path: string;
  readonly events: readonly TestEvent[];
  /** What the file printed, on both of its outputs. */
  readonly output: string;
  readonly durationMs: number;
}

export interface RunOptions {
  readonly deadlineMs: number;
  readonly nodeFlags: readonly string[];
  readonly cwd: string;
}

/** A test that prints without end must not fill the memory. */
const OUTPUT_BYTES_MAX = 1024 * 1024;

const REPORTER = new URL('./reporter.ts', import.meta.url).href;
const running = new Set<ChildProcess>();

/** With all that it started: a test file leads a process group of its own where the system has such. */
const kill = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

export const killAll = (): void => running.forEach(kill);

const gather = (streams: readonly (Readable | null)[]): (() => string) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (const stream of streams) {
    stream?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= OUTPUT_BYTES_MAX) chunks.push(chunk);
    });
  }
  return () => Buffer.concat(chunks).toString() + (bytes > OUTPUT_BYTES_MAX ? '\n(and more)\n' : '');
};

const failure = (name: string, detail: string): TestEvent => ({ kind: 'fail', name, nesting: 0, detail });

/** The innermost test that began and did not end. */
const underWay = (events: readonly TestEvent[]): string | undefined => {
  const open: TestEvent[] = [];
  for (const event of events) {
    if (event.kind === 'begin') open.push(event);
    if (event.kind === 'end') {
      const begun = open.findLastIndex(
        ({ name, nesting }) => name === event.name && nesting === event.nesting,
      );
      if (begun >= 0) open.splice(begun, 1);
    }
  }
  return open.at(-1)?.name;
};

/** What the file did wrong as a whole, beside its tests. */
const fileFailure = (
  events: readonly TestEvent[],
  ended: { code: number | null; signal: string | null; late: boolean },
  { deadlineMs, nodeFlags }: RunOptions,
): TestEvent | undefined => {
  if (ended.late) {
    const open = underWay(events);
    const what = open === undefined ? 'its tests ended, but something kept the process alive' : `in: ${open}`;
    return failure(`did not end within ${deadlineMs / 1000} s`, what);
  }
  if (events.some(({ kind }) => kind === 'fail')) return undefined;
  if (ended.signal !== null) return failure(`was ended by ${ended.signal}`, 'see its output');
  if (ended.code !== 0) return failure(`ended with exit code ${ended.code}`, 'see its output');
  const isEmpty = events.length === 0 && nodeFlags.length === 0;
  return isEmpty ? failure('holds no test', 'a file that cannot fail proves nothing') : undefined;
};

/** Runs one test file in a process of its own, which ends at the deadline at the latest. */
export const runFile = async (path: string, options: RunOptions): Promise<FileResult> => {
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', `--test-reporter=${REPORTER}`, ...options.nodeFlags, path],
    { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  running.add(child);
  const output = gather([child.stdout, child.stderr]);
  const events: TestEvent[] = [];
  const lines = createInterface({ input: child.stdio[3] as Readable });
  lines.on('line', (line) => events.push(JSON.parse(line)));

  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    kill(child);
  }, options.deadlineMs);
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  clearTimeout(deadline);
  running.delete(child);
  const ofFile = fileFailure(events, { code, signal, late }, options);
  return {
    path,
    events: ofFile === undefined ? events : [...events, ofFile],
    output: output(),
    durationMs: performance.now() - startedMs,
  };
};
