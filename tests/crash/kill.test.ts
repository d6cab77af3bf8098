import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { chanceOf } from '../support/resharding/chance.ts';
import { Auditor } from './support/auditor.ts';
import { KilledServer } from './support/killed-server.ts';
import { Ledger } from './support/ledger.ts';
import { Operator } from './support/operator.ts';
import { encrypt, makeStream } from './support/prepare.ts';
import { COMMAND_LINE, type Program, SMALL_FILES } from './support/programs.ts';
import { Writer } from './support/writer.ts';

const PLAIN = 'orders';
const ENCRYPTED = 'secrets';
const STREAMS = [PLAIN, ENCRYPTED];
const CONNECTIONS = 4;

interface Variant {
  readonly name: string;
  readonly kills: number;
  readonly program: Program;
  /** Of one record, at the most. */
  readonly bytesMax: number;
  /** Records that are acknowledged before a kill, at the most. */
  readonly recordsMax: number;
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'the command line',
    kills: 26,
    program: COMMAND_LINE,
    bytesMax: 12_000,
    recordsMax: 2_000,
  },
  { name: 'small limits', kills: 30, program: SMALL_FILES, bytesMax: 3_000, recordsMax: 1_500 },
];

const prepare = async (endpoint: string): Promise<void> => {
  await makeStream(endpoint, PLAIN, 4);
  await makeStream(endpoint, ENCRYPTED, 2);
  await encrypt(endpoint, ENCRYPTED);
};

for (const { name, kills, program, bytesMax, recordsMax } of VARIANTS) {
  // A seed repeats what is sent and when the kills come, not how fast the machine is meanwhile.
  const seed = process.env.CRASH_SEED ?? String(randomInt(2 ** 31));
  test(`${kills} times kill -9 of ${name}: all that was acknowledged is there, CRASH_SEED=${seed}`, async (t) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-kill-'));
    const chance = chanceOf(`${name} ${seed}`);
    const ledger = new Ledger();
    const auditor = new Auditor(ledger, chance);
    const operator = new Operator(PLAIN, chance);
    const writers = Array.from(
      { length: CONNECTIONS },
      (_, index) => new Writer({ name: `writer ${index}`, streams: STREAMS, bytesMax, chance, ledger }),
    );
    let server = new KilledServer([...program, '--data-dir', dataDir]);
    t.after(async () => {
      await server.kill();
      await rm(dataDir, { recursive: true, force: true });
    });
    await prepare(await server.endpoint());
    for (let kill = 0; kill < kills; kill++) {
      const endpoint = await server.endpoint();
      await auditor.audit(endpoint, STREAMS);
      await operator.check(endpoint);
      const isDraining = chance(4) === 0;
      const moment = ledger.more(1 + chance(recordsMax)).then(() => pause(chance(20)));
      const [, , ...ends] = await Promise.all([
        moment.then(() => (isDraining ? server.killInDrain(chance(60)) : server.kill())),
        operator.operate(endpoint),
        ...writers.map((writer) => writer.write(endpoint)),
      ]);
      assert.deepEqual(new Set(ends), new Set([undefined]), 'records, throttles, and then no answer');
      for (let early = chance(3); early === 0; early = chance(3)) {
        server = new KilledServer([...program, '--data-dir', dataDir]);
        await pause(chance(400));
        await server.kill();
      }
      server = new KilledServer([...program, '--data-dir', dataDir]);
    }
    const endpoint = await server.endpoint();
    await auditor.audit(endpoint, STREAMS);
    await auditor.auditAll(endpoint, STREAMS);
    const files = await readdir(join(dataDir, 'logs'), { recursive: true });
    const segments = files.filter((file) => file.endsWith('.segment')).length;
    t.diagnostic(
      `${ledger.acknowledgedCount} acknowledged, ${ledger.foundCount} found, ${segments} segments`,
    );
    assert.ok(segments > STREAMS.length, 'the journal was moved into segments meanwhile');
    assert.equal(await server.end(), 0);
  });
}
