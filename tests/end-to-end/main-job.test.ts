import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { millrace, runMillrace, serverProcess } from '../support/millrace-process.ts';
import { realLines } from '../support/real-lines.ts';

const KEY = 'regex:^([^:]+):';

interface Printed {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: string;
}

const printed = (text: string): Printed[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Printed);

/** Line numbers as they came, for each file of the input. */
const orderByKey = (records: readonly Printed[]): Map<string, number[]> => {
  const orders = new Map<string, number[]>();
  for (const { partitionKey, data } of records) {
    const number = Number(data.slice(partitionKey.length + 1).split(':', 1)[0]);
    const order = orders.get(partitionKey);
    if (order === undefined) orders.set(partitionKey, [number]);
    else order.push(number);
  }
  return orders;
};

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));

describe('a file goes in by put and comes out by tail', { timeout: 240_000 }, () => {
  let directory: string;
  let lines: string[];
  let file: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
    lines = await realLines(100_000);
    file = join(directory, 'input.txt');
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const tailAll = async (endpoint: string): Promise<Printed[]> => {
    const flags = ['--from', 'earliest', '--until-caught-up', '--format', 'json', '--endpoint-url', endpoint];
    const { code, stdout, stderr } = await runMillrace('tail', 'lines', ...flags);
    assert.equal(code, 0, stderr);
    return printed(stdout);
  };

  test('every line once, the lines of each key in order, also after a restart', async () => {
    const dataDir = join(directory, 'whole');
    const first = await serverProcess('--port', '0', '--data-dir', dataDir, '--stream', 'lines:5');
    const put = await runMillrace(
      'put',
      'lines',
      '--file',
      file,
      '--partition-key',
      KEY,
      '--endpoint-url',
      first.endpoint,
    );
    assert.equal(put.code, 0, put.stderr);
    assert.match(put.stderr, new RegExp(`^${lines.length} records put `));
    const before = await tailAll(first.endpoint);
    assert.equal(await first.end('SIGTERM'), 0);

    const second = await serverProcess('--port', '0', '--data-dir', dataDir);
    const after = await tailAll(second.endpoint);
    assert.equal(await second.end('SIGTERM'), 0);

    for (const records of [before, after]) {
      assert.deepEqual(records.map(({ data }) => data).sort(), [...lines].sort());
      assert.equal(new Set(records.map(({ shardId }) => shardId)).size, 5);
      for (const [key, order] of orderByKey(records)) assert.ok(isAscending(order), `order of ${key}`);
    }
  });

  test('a server killed in the middle of ingest has every acknowledged line, each where it said', async () => {
    const dataDir = join(directory, 'killed');
    const first = await serverProcess('--port', '0', '--data-dir', dataDir, '--stream', 'lines:5');
    const flags = [
      '--file',
      file,
      '--partition-key',
      KEY,
      '--endpoint-url',
      first.endpoint,
      '--acknowledgements',
    ];
    const put = millrace('put', 'lines', ...flags);
    const putClosed = once(put, 'close');
    const putMessages = text(put.stderr);
    const acknowledged = new Map<string, number>();
    const killAt = Math.floor(lines.length / 3);
    let restarted: ReturnType<typeof serverProcess> | undefined;
    for await (const text of createInterface({ input: put.stdout })) {
      const { line, shardId, sequenceNumber } = JSON.parse(text) as { line: number } & Printed;
      acknowledged.set(`${shardId} ${sequenceNumber}`, line);
      if (acknowledged.size !== killAt) continue;
      await first.end('SIGKILL');
      restarted = serverProcess('--port', String(first.port), '--data-dir', dataDir);
      await restarted;
    }
    const [code] = await putClosed;
    assert.equal(code, 0, await putMessages);
    assert.equal(acknowledged.size, lines.length);

    const second = await (restarted ?? assert.fail('the server was never killed'));
    const records = await tailAll(second.endpoint);
    assert.equal(await second.end('SIGTERM'), 0);

    const kept = records.filter(({ shardId, sequenceNumber }) =>
      acknowledged.has(`${shardId} ${sequenceNumber}`),
    );
    assert.equal(kept.length, lines.length, 'every acknowledged record is there');
    for (const { shardId, sequenceNumber, data } of kept) {
      const line = acknowledged.get(`${shardId} ${sequenceNumber}`) ?? 0;
      assert.equal(data, lines[line - 1]);
    }
    for (const [key, order] of orderByKey(kept)) assert.ok(isAscending(order), `order of ${key}`);
    // Anything more was stored when the kill came, and sent again by the client for want of an answer.
    const resent = Number(/(\d+) sent again/.exec(await putMessages)?.[1] ?? 0);
    assert.ok(
      records.length - kept.length <= resent,
      `${records.length - kept.length} copies, ${resent} sent again`,
    );
  });
});
