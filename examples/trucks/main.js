// 100 trucks send where they are; workers follow them while one of them dies, one joins and every shard is split.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStreamCommand,
  KinesisClient,
  UpdateShardCountCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { Fleet } from './fleet.js';
import { address } from './service.js';
import { Sightings } from './sightings.js';

const TRUCKS = 100;
const DEPOTS = 4;
const POSITIONS = 80; // of each truck
const SECONDS_MAX = 90;

const kinesis = new KinesisClient(address);
const StreamName = `trucks-${Date.now()}`;
const folder = mkdtempSync(join(tmpdir(), 'trucks-'));
const file = join(folder, 'sightings.db');
const sightings = new Sightings(file);
const depots = new Fleet('./depot.js');
const workers = new Fleet('./worker.js');
const say = (text) => console.log(`       ${text}`);

const startWorker = (name) => {
  sightings.addWorker(name);
  workers.start(name, StreamName, file, name);
};

/** What happens on the way, and how much of it all has been seen by then. */
const STORY = [
  {
    after: 0.2,
    async happen() {
      say('edsger is killed: kill -9');
      await workers.kill('edsger');
      sightings.removeWorker('edsger');
    },
  },
  {
    after: 0.45,
    async happen() {
      say('barbara joins');
      startWorker('barbara');
    },
  },
  {
    after: 0.6,
    async happen() {
      say('every shard is split: 4 become 8');
      const resharding = { StreamName, TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' };
      await kinesis.send(new UpdateShardCountCommand(resharding));
    },
  },
];

const summary = (second, seen) => {
  const shares = sightings.workers().map(({ name, seen, shards }) => `${name} ${seen} of ${shards} shards`);
  console.log(`${String(second).padStart(4)} s  ${String(seen).padStart(5)} positions: ${shares.join(', ')}`);
};

/** Until each truck has been followed to its end, or it takes too long. */
const follow = async () => {
  const story = [...STORY];
  for (let second = 1; second <= SECONDS_MAX; second++) {
    await pause(1_000);
    const { seen, least } = sightings.totals();
    summary(second, seen);
    if (least === POSITIONS) return;
    if (seen > story[0]?.after * TRUCKS * POSITIONS) await story.shift().happen();
  }
};

await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 4 }));
await waitUntilStreamExists({ client: kinesis, minDelay: 1, maxWaitTime: 10 }, { StreamName });
console.log(
  `${TRUCKS} trucks of ${DEPOTS} depots; ada, grace and edsger share the 4 shards of ${StreamName}`,
);
for (const name of ['ada', 'grace', 'edsger']) startWorker(name);

const trucks = Array.from({ length: TRUCKS }, (_, index) => `truck-${index + 1}`);
for (const truck of trucks) sightings.addTruck(truck);
for (let depot = 0; depot < DEPOTS; depot++) {
  const own = trucks.filter((_truck, index) => index % DEPOTS === depot);
  depots.start(`depot ${depot + 1}`, StreamName, POSITIONS, ...own);
}
await follow();

const failed = [...(await depots.end()), ...(await workers.end())];
const { seen, missed, repeated } = sightings.totals();
const isRight = failed.length === 0 && seen === TRUCKS * POSITIONS && missed === 0;
console.log(`${seen} of ${TRUCKS * POSITIONS} positions seen, ${missed} missed or out of order`);
console.log(`${repeated} seen again: a worker lost a shard before it had written down how far it was`);
for (const name of failed) console.log(`${name} failed`);
console.log(isRight ? 'Every truck was followed all the way.' : 'A truck was lost.');

sightings.close();
kinesis.destroy();
rmSync(folder, { recursive: true });
process.exitCode = isRight ? 0 : 1;
