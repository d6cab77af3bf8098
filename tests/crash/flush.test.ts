import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { call } from '../support/raw-call.ts';
import { KilledServer } from './support/killed-server.ts';
import { makeStream } from './support/prepare.ts';
import { COMMAND_LINE } from './support/programs.ts';

const REQUESTS = 40;
const CONNECTIONS = 3;

/** One line of strace: when the call ended, which it was, and its file. */
interface Seen {
  readonly call: string;
  readonly file: string;
  readonly text: string;
  /** The file was opened so that the end of a write means that it is safe. */
  readonly isDurable: boolean;
}

/** `PID call(FD<path>, …` in one line, or begun in one and resumed in another, where it counts. */
const callsIn = (trace: string): Seen[] => {
  const begun = new Map<string, string>();
  const durable = new Set<string>();
  const seen: Seen[] = [];
  for (const line of trace.split('\n')) {
    const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const unfinished = text.endsWith('<unfinished ...>');
    if (unfinished) {
      begun.set(pid, text);
      // What is sent is seen from the moment at which its call begins.
      if (!/^(writev|write|sendto|sendmsg)\(\d+<(TCP|socket)/.test(text)) continue;
    }
    const whole = resumed === null ? text : `${begun.get(pid) ?? ''}${resumed[1]}`;
    const opened = /^openat\(.* = (\d+)</.exec(whole)?.[1];
    if (opened !== undefined && /O_D?SYNC/.test(whole)) durable.add(opened);
    else if (opened !== undefined) durable.delete(opened);
    const [, call, number = '', file] = /^(\w+)\((\d+)<([^>]*)>/.exec(whole) ?? [];
    if (call === undefined || file === undefined) continue;
    seen.push({ call, file, text: whole, isDurable: durable.has(number) });
  }
  return seen;
};

const straceIsThere = async (t: TestContext): Promise<boolean> => {
  try {
    await promisify(execFile)('strace', ['-qq', '-e', 'trace=none', 'true']);
    return true;
  } catch (error) {
    t.skip(`strace cannot be used here: ${error instanceof Error ? error.message : error}`);
    return false;
  }
};

test('no record is acknowledged before its write to the journal is safe: by fdatasync, or by a write that is durable itself', async (t) => {
  if (!(await straceIsThere(t))) return;
  const directory = await mkdtemp(join(tmpdir(), 'millrace-flush-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const trace = join(directory, 'trace');
  // -D: the server is our child and gets its signals, not the one that watches it.
  const flags = [
    '-D',
    '-f',
    '-y',
    '-s',
    '200000',
    '-o',
    trace,
    '-e',
    'trace=openat,pwritev,pwrite64,writev,write,fdatasync',
  ];
  const program = [...COMMAND_LINE, '--data-dir', join(directory, 'data')];
  await using server = new KilledServer(program, { under: ['strace', ...flags] });
  const endpoint = await server.endpoint();
  await makeStream(endpoint, 'orders', 2);
  const marks = Array.from(
    { length: CONNECTIONS * REQUESTS },
    (_, index) => `mark-${String(index).padStart(6, '0')}-`,
  );
  const numbers = new Map<string, string>();
  const connection = async (own: readonly string[]): Promise<void> => {
    for (const mark of own) {
      const record = { StreamName: 'orders', PartitionKey: 'k', Data: Buffer.from(mark).toString('base64') };
      const { SequenceNumber } = await call<{ SequenceNumber: string }>(endpoint, 'PutRecord', record);
      numbers.set(mark, SequenceNumber);
    }
  };
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) =>
      connection(marks.slice(index * REQUESTS, (index + 1) * REQUESTS)),
    ),
  );
  await server.end();

  const calls = callsIn(await readFile(trace, 'latin1'));
  for (const [mark, number] of numbers) {
    const written = calls.findIndex(({ file, text }) => file.endsWith('.journal') && text.includes(mark));
    const answered = calls.findIndex(({ file, text }) => !file.endsWith('.journal') && text.includes(number));
    assert.ok(
      written >= 0 && answered > written,
      `${mark} is written at ${written}, answered at ${answered}`,
    );
    if (calls[written]?.isDurable) continue;
    const synced = calls.findIndex(
      ({ call, file }, at) => at > written && call === 'fdatasync' && file === calls[written]?.file,
    );
    assert.ok(synced > written && synced < answered, `${mark}: ${written} < ${synced} < ${answered}`);
  }
});
