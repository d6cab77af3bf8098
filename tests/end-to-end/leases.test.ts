import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { isLinearizable, type Operation } from '../support/linearizability/check.ts';
import { type Lease, leaseCalls } from '../support/linearizability/lease.ts';
import { type ServerProcess, serverProcess } from '../support/millrace-process.ts';

const WORKERS = 8;
const LEASES = ['shard-0', 'shard-1', 'shard-2'];

const clientOf = ({ endpoint }: ServerProcess): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

type Histories = ReadonlyMap<string, Operation<Lease>[]>;

/** One worker: it tries to take whatever lease it looks at, now and then with a counter that is out of date. */
const work = async (client: DynamoDBClient, worker: number, rounds: number, histories: Histories) => {
  const owner = `worker-${worker}`;
  for (let round = 0; round < rounds; round++) {
    const key = LEASES[(worker + round) % LEASES.length] as string;
    const calls = leaseCalls(client, key);
    const history = histories.get(key) as Operation<Lease>[];
    const known = history.findLast(({ text }) => /"counter":\d+/.test(text))?.text;
    const counter = Number(/"counter":(\d+)/.exec(known ?? '')?.[1] ?? 0);
    const call = [
      () => calls.create(owner),
      () => calls.take(owner, counter),
      () => calls.take(owner, Math.max(0, counter - 1)),
      () => calls.read(),
    ][round % 4] as typeof calls.read;
    const operation = await call();
    history.push(operation);
    if (operation.endedMs === Infinity) return;
  }
};

const newHistories = (): Histories => new Map(LEASES.map((key) => [key, []]));

const textOf = (history: readonly Operation<Lease>[]): string =>
  history
    .map(({ startedMs, endedMs, text }) => `${startedMs.toFixed(1)} to ${endedMs.toFixed(1)}: ${text}`)
    .join('\n');

const checkAll = (histories: Histories): void => {
  for (const [key, history] of histories) {
    assert.ok(isLinearizable<Lease>(undefined, history), `${key} has no order:\n${textOf(history)}`);
  }
};

describe('leases that many workers want', { timeout: 90_000 }, () => {
  let directory: string;
  let flags: readonly string[];
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-leases-'));
    flags = ['--port', '0', '--data-dir', join(directory, 'data')];
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const workAll = (client: DynamoDBClient, rounds: number, histories: Histories) =>
    Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(client, worker, rounds, histories)));

  test('change hands in one order that explains every answer, through kill -9 too', async () => {
    const histories = newHistories();
    const first = await serverProcess(...flags);
    const client = clientOf(first);
    await client.send(
      new CreateTableCommand({
        TableName: 'leases',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      }),
    );
    await waitUntilTableExists(
      { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
      { TableName: 'leases' },
    );
    await workAll(client, 30, histories);
    const working = workAll(client, 1_000, histories);
    while ([...histories.values()].flat().length < WORKERS * 40) await new Promise(setImmediate);
    await first.end('SIGKILL');
    await working;
    client.destroy();
    const second = await serverProcess(...flags);
    const again = clientOf(second);
    await workAll(again, 20, histories);
    again.destroy();
    assert.equal(await second.end('SIGTERM'), 0);

    const all = [...histories.values()].flat();
    const told = (word: string) => all.filter(({ text }) => text.includes(word)).length;
    assert.ok(told('"done"') > 100 && told('"refused"') > 50 && told('no answer') > 0, textOf(all));
    checkAll(histories);
  });
});
