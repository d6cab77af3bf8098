import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { type Answer, call, rawCall } from '../support/raw-call.ts';
import { chanceOf } from '../support/resharding/chance.ts';
import { Auditor } from './support/auditor.ts';
import { smallFileSystem } from './support/file-systems.ts';
import { gauge, healthOf, untilHealth } from './support/health.ts';
import { KilledServer } from './support/killed-server.ts';
import { Ledger } from './support/ledger.ts';
import { makeStream } from './support/prepare.ts';
import { COMMAND_LINE, type Program, SMALL_FILES } from './support/programs.ts';
import { Writer } from './support/writer.ts';

const MIB = 1024 * 1024;
const STREAM = 'orders';
const SDK_STREAM = 'payments';
const PROGRAMS: readonly (readonly [name: string, program: Program])[] = [
  ['the command line', COMMAND_LINE],
  ['small files', SMALL_FILES],
];
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

const isFull = ({ problem }: { readonly problem?: string }): boolean => problem === 'disk-full';

/** A record so large that it fits nowhere on the full disk. The SDK takes a throttle for what it is, and goes on trying. */
const putBySdk = (endpoint: string) => {
  const kinesis = new KinesisClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 50 });
  const { promise: secondTry, resolve } = Promise.withResolvers<void>();
  let tries = 0;
  kinesis.middlewareStack.add(
    (next) => (args) => {
      tries += 1;
      if (tries === 2) resolve();
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const record = { StreamName: SDK_STREAM, PartitionKey: 'k', Data: Buffer.alloc(900_000) };
  const put = kinesis.send(new PutRecordCommand(record)).finally(() => kinesis.destroy());
  return { secondTry, put };
};

/** Writes until a record is refused; gives the answer. */
const untilRefused = async (endpoint: string): Promise<Answer> => {
  const record = { StreamName: SDK_STREAM, PartitionKey: 'k', Data: 'A'.repeat(40_000) };
  for (;;) {
    const answer = await rawCall(endpoint, 'PutRecord', JSON.stringify(record));
    if (answer.status !== 200) return answer;
  }
};

const recordsIn = async (endpoint: string): Promise<number> => {
  const { ShardIterator } = await call<{ ShardIterator: string }>(endpoint, 'GetShardIterator', {
    StreamName: STREAM,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  return (await call<{ Records: object[] }>(endpoint, 'GetRecords', { ShardIterator })).Records.length;
};

/** Ledger, auditor and four writers of one stream. */
const aCrowd = (seed: string) => {
  const chance = chanceOf(seed);
  const ledger = new Ledger();
  const auditor = new Auditor(ledger, chance);
  const writers = [0, 1, 2, 3].map(
    (index) => new Writer({ name: `writer ${index}`, streams: [STREAM], bytesMax: 3_000, chance, ledger }),
  );
  const write = (endpoint: string, enough?: Promise<void>) =>
    Promise.all(writers.map((writer) => writer.write(endpoint, enough)));
  return { ledger, auditor, write };
};

const aSmallDisk = async (t: TestContext) => {
  const mounted = await smallFileSystem(t, 40);
  if (mounted === undefined) return undefined;
  const filler = join(mounted.directory, 'filler');
  await writeFile(filler, Buffer.alloc(20 * MIB));
  return { mounted, filler, dataDir: join(mounted.directory, 'data') };
};

for (const [name, program] of PROGRAMS) {
  test(`${name} on a full disk: writers are throttled, readers served, and all goes on when there is space`, async (t) => {
    const disk = await aSmallDisk(t);
    if (disk === undefined) return;
    await using _mounted = disk.mounted;
    const args = [...program, '--data-dir', disk.dataDir];
    const { ledger, auditor, write } = aCrowd(name);
    await using server = new KilledServer(args);
    const endpoint = await server.endpoint();
    await makeStream(endpoint, STREAM, 3);
    await makeStream(endpoint, SDK_STREAM, 1);
    const enough = Promise.withResolvers<void>();
    const writing = write(endpoint, enough.promise);

    const full = await untilHealth(endpoint, isFull);
    assert.deepEqual([full.httpStatus, full.status], [200, 'degraded']);
    assert.match(full.advice ?? '', /Free ten megabytes/);
    assert.equal(await gauge(endpoint, 'millrace_health'), 1);
    assert.equal(await gauge(endpoint, 'millrace_problem_disk_full'), 1);
    const refused = await untilRefused(endpoint);
    assert.equal(refused.status, 400);
    assert.match(
      refused.body,
      /"ProvisionedThroughputExceededException".*No space is left on the server's disk for shard/,
    );
    assert.ok((await recordsIn(endpoint)) > 0, 'readers are served');

    const sdk = putBySdk(endpoint);
    await sdk.secondTry;
    enough.resolve();
    await writing;
    await rm(disk.filler);
    assert.ok(((await sdk.put).$metadata.attempts ?? 0) > 1);
    await untilHealth(endpoint, ({ status }) => status === 'ok');
    await write(endpoint, ledger.more(50));
    await server.kill();
    assert.match(
      await server.messages,
      /"problem":"disk-full".*"problem":"disk-full"[^\n]*the problem is over/s,
    );

    await using again = new KilledServer(args);
    await auditor.audit(await again.endpoint(), [STREAM]);
    await auditor.auditAll(await again.endpoint(), [STREAM]);
    assert.equal((await healthOf(await again.endpoint())).status, 'ok');
    assert.equal(await again.end(), 0);
  });
}

for (const [name, program] of PROGRAMS) {
  test(`${name} starts on a full disk and serves readers; a stream can be deleted, which makes room for writers`, async (t) => {
    const disk = await aSmallDisk(t);
    if (disk === undefined) return;
    await using _mounted = disk.mounted;
    const args = [...program, '--data-dir', disk.dataDir];
    const { ledger, auditor, write } = aCrowd(name);
    await using first = new KilledServer(args);
    await makeStream(await first.endpoint(), STREAM, 3);
    await makeStream(await first.endpoint(), SDK_STREAM, 1);
    const writing = write(await first.endpoint());
    await untilHealth(await first.endpoint(), isFull);
    await first.kill();
    await writing;
    assert.ok(ledger.acknowledgedCount > 0);

    for (const _start of ['first', 'second']) {
      await using again = new KilledServer(args);
      await auditor.audit(await again.endpoint(), [STREAM]);
      await again.kill();
    }

    await using last = new KilledServer(args);
    const endpoint = await last.endpoint();
    await untilRefused(endpoint);
    await call(endpoint, 'DeleteStream', { StreamName: STREAM });
    // What no segment held yet lies in the journal until the next round, or the end of the process.
    assert.equal(await last.end(), 0);
    await using free = new KilledServer(args);
    await untilHealth(await free.endpoint(), ({ status }) => status === 'ok');
    const record = { StreamName: SDK_STREAM, PartitionKey: 'k', Data: 'A'.repeat(400_000) };
    for (let count = 0; count < 10; count++) await call(await free.endpoint(), 'PutRecord', record);
    assert.equal(await free.end(), 0);
  });
}
