import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { AggregateBuilder, deaggregate, type UserRecord } from '@millrace/aggregation';
import { cacheFolder } from '../../../scripts/clients/cache.ts';
import { installVenv } from '../../../scripts/clients/install-python.ts';
import { ClientUnavailable } from '../../../scripts/clients/unavailable.ts';

const FOLDER = import.meta.dirname;
const LIBRARY = {
  what: "AWS's Python library for aggregated records",
  seconds: 10,
  requirements: join(FOLDER, 'requirements.txt'),
};

/** A record in JSON: the bytes are hexadecimal. */
interface Plain {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | null;
  readonly data: string;
}

const RECORDS: readonly Plain[] = [
  { partitionKey: 'a', data: '00ff' },
  { partitionKey: 'Größe 東京 🌊', data: Buffer.from('text').toString('hex') },
  { partitionKey: 'a', data: '' },
  { partitionKey: '10', data: '31' },
  { partitionKey: 'long', data: 'ab'.repeat(70_000) },
];
const HASH_KEYS: readonly Plain[] = [
  { partitionKey: 'a', explicitHashKey: '340282366920938463463374607431768211455', data: '01' },
  { partitionKey: 'a', explicitHashKey: '0', data: '02' },
];

const plain = ({ partitionKey, explicitHashKey, data }: UserRecord): Plain => ({
  partitionKey,
  data: Buffer.from(data).toString('hex'),
  ...(explicitHashKey !== undefined && { explicitHashKey }),
});

const userRecord = ({ partitionKey, explicitHashKey, data }: Plain): UserRecord => ({
  partitionKey,
  data: Buffer.from(data, 'hex'),
  ...(typeof explicitHashKey === 'string' && { explicitHashKey }),
});

const prepared = async (t: TestContext): Promise<string | undefined> => {
  const say = (line: string) => process.stderr.write(`aggregation: ${line}\n`);
  try {
    return join(await installVenv(LIBRARY, { cache: cacheFolder(), say }), 'python');
  } catch (error) {
    if (!(error instanceof ClientUnavailable) || process.env.CI === 'true') throw error;
    t.skip(error.message);
    return undefined;
  }
};

const ask = async (python: string, question: object): Promise<unknown> => {
  const child = spawn(python, ['-B', join(FOLDER, 'aggregation.py')], { timeout: 30_000 });
  child.stdin.end(JSON.stringify(question));
  const [answer, problem] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  assert.equal(problem, '');
  return JSON.parse(answer);
};

const SETS = { 'keys, bytes and sizes': RECORDS, 'explicit hash keys': HASH_KEYS };

for (const [name, records] of Object.entries(SETS)) {
  test(`we read what the Python library has aggregated: ${name}`, async (t) => {
    const python = await prepared(t);
    if (python === undefined) return;
    const carrier = (await ask(python, { pack: records })) as Plain;
    assert.deepEqual(deaggregate(userRecord(carrier)).records.map(plain), records);
  });

  test(`the Python library reads what we have aggregated: ${name}`, async (t) => {
    const python = await prepared(t);
    if (python === undefined) return;
    const aggregate = new AggregateBuilder();
    for (const record of records) assert.ok(aggregate.add(userRecord(record)));
    assert.deepEqual(await ask(python, { unpack: plain(aggregate.build()) }), records);
  });
}
