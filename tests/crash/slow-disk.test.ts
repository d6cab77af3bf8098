import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rawCall } from '../support/raw-call.ts';
import { chanceOf } from '../support/resharding/chance.ts';
import { Auditor } from './support/auditor.ts';
import { gauge, healthOf } from './support/health.ts';
import { KilledServer } from './support/killed-server.ts';
import { Ledger } from './support/ledger.ts';
import { makeStream } from './support/prepare.ts';
import { SLOW_DISK } from './support/programs.ts';
import { SLOW_LIMITS } from './support/slow-limits.ts';
import { Writer } from './support/writer.ts';

const MIB = 1024 * 1024;
/** Far more requests at a time than fit into the bounds. */
const WRITERS = 100;
const RECORD_BYTES_MAX = 40_000;
/** Data of one request on average, as it comes and as it is kept: 30 records of half the most, and their base64. */
const REQUEST_BYTES = 30 * (RECORD_BYTES_MAX / 2) * (1 + 4 / 3);
const ACKNOWLEDGED = 1_500;
/** A collector that waits for its turn, buffers of sockets, and what is between two of the bounds. */
const GENEROSITY = 3;

const RESIDENT = 'process_resident_memory_bytes';

/** Looks at memory until told to stop; gives the most that was seen. */
const watchMemory = (endpoint: string) => {
  let most = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) most = Math.max(most, await gauge(endpoint, RESIDENT));
    return most;
  })();
  return () => {
    isOver = true;
    return watching;
  };
};

test('a flood over a slow disk is throttled, memory stays within its bounds, and all is well afterwards', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-slow-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const chance = chanceOf('slow disk');
  const ledger = new Ledger();
  const auditor = new Auditor(ledger, chance);
  await using server = new KilledServer([...SLOW_DISK, '--data-dir', dataDir]);
  const endpoint = await server.endpoint();
  await makeStream(endpoint, 'orders', 4);
  const idleBytes = await gauge(endpoint, RESIDENT);
  const memory = watchMemory(endpoint);
  const writers = Array.from(
    { length: WRITERS },
    (_, index) =>
      new Writer({
        name: `writer ${index}`,
        streams: ['orders'],
        bytesMax: RECORD_BYTES_MAX,
        chance,
        ledger,
      }),
  );
  const enough = ledger.more(ACKNOWLEDGED);
  const ends = await Promise.all(writers.map((writer) => writer.write(endpoint, enough)));
  assert.deepEqual(new Set(ends), new Set([undefined]), 'no other answer than records and throttles');
  assert.ok(ledger.refusedCount > 0, 'some were told to come again');

  const grownBytes = (await memory()) - idleBytes;
  const { appendingBytesMax, dirtyBytesMax, cleanTailBytesMax } = SLOW_LIMITS;
  const bound = appendingBytesMax + dirtyBytesMax + cleanTailBytesMax + WRITERS * REQUEST_BYTES;
  t.diagnostic(
    `${ledger.acknowledgedCount} acknowledged, ${ledger.refusedCount} units refused, ${Math.round(grownBytes / MIB)} MiB grown`,
  );
  assert.ok(grownBytes < GENEROSITY * bound, `${grownBytes / MIB} MiB for bounds of ${bound / MIB} MiB`);

  assert.equal((await healthOf(endpoint)).status, 'ok');
  const record = { StreamName: 'other', PartitionKey: 'k', Data: 'aGVsbG8=' };
  await makeStream(endpoint, 'other', 1);
  assert.equal((await rawCall(endpoint, 'PutRecord', JSON.stringify(record))).status, 200);
  await auditor.audit(endpoint, ['orders']);
  assert.equal(await server.end(), 0);
});
