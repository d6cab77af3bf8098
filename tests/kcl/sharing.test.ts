import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Deliveries } from './deliveries.ts';
import { inTurn } from './in-turn.ts';
import { isInitialized, isOfShard, isRecord, type KclEvent } from './kcl-event.ts';
import type { KclProcess } from './kcl-process.ts';
import { Load } from './load.ts';
import { until } from './poll.ts';
import { tellStories } from './stories.ts';
import { untilShared } from './until-shared.ts';
import type { Mode } from './worker-options.ts';
import { World } from './world.ts';

const SHARDS = 4;
const [stream, application] = ['orders', 'billing'];

/** The first time that a worker was asked for a shard: its last record there, and where the next begins. */
const handOver = (events: readonly KclEvent[]) => {
  const asked = events.findIndex(({ kind }) => kind === 'shutdownRequested');
  const request = events[asked];
  if (request === undefined || !isOfShard(request)) return {};
  const ofShard = (event: KclEvent) => isOfShard(event) && event.shard === request.shard;
  return {
    last: events.slice(0, asked).filter(ofShard).findLast(isRecord),
    next: events.slice(asked).filter(ofShard).find(isInitialized),
  };
};

const scenario = async (t: TestContext, classPath: string, version: 2 | 3, mode: Mode): Promise<void> => {
  await using world = await World.start({ [stream]: SHARDS });
  const [staying, dying] = [world.aProcess(classPath), world.aProcess(classPath)];
  const table = world.leases(application);
  const begin = (process: KclProcess, worker: string) =>
    process.startWorker({ worker, application, stream, mode });
  /** Two divide the leases by their number; the leader of version 3 by what the workers have to do. */
  const sharedBy = (...workers: readonly string[]): Promise<void> =>
    untilShared(table, workers, version === 2 ? Math.floor(SHARDS / workers.length) : 1);
  const written = world.stream(stream);
  const law = inTurn(t);
  const load = new Load(written);

  await law('a worker alone reads all shards', async () => {
    begin(staying, 'first');
    await sharedBy('first');
  });
  await law('a worker that joins gets its share', async () => {
    begin(dying, 'second');
    await sharedBy('first', 'second');
  });
  if (version === 3)
    await law(
      'whoever has to hand over a shard is asked first; the next begins behind its last',
      async () => {
        await until('a shard is handed over', () => handOver(world.events).next !== undefined);
        const { last, next } = handOver(world.events);
        assert.equal(next?.sequenceNumber, last?.sequenceNumber);
        assert.notEqual(next?.worker, last?.worker);
      },
    );
  await law('the shards of a worker that died go to the others', async () => {
    begin(staying, 'third');
    await sharedBy('first', 'second', 'third');
    await dying.kill();
    await sharedBy('first', 'third');
  });
  await law('the shards of a worker that leaves go to who stays', async () => {
    staying.stopWorker('first');
    await sharedBy('third');
  });
  await law('every record came, in the order of its key', async () => {
    await load.stop();
    await until('all records', () => new Deliveries(world.events).records >= written.size);
    const deliveries = new Deliveries(world.events);
    assert.deepEqual(deliveries.missing(written), []);
    deliveries.checkSessions(written);
    deliveries.checkOrderOfKeys();
    t.diagnostic(`${written.size} records, ${deliveries.repeated} of them twice`);
  });
  await law('nothing went wrong for who stayed', async () => {
    assert.equal(await staying.end(), 0);
    assert.deepEqual(staying.log.troubles(), []);
  });
};

const KINDS = [
  [3, 'polling'],
  [3, 'fan-out'],
  [2, 'polling'],
] as const;

tellStories(
  'workers that share a stream',
  KINDS.map(([version, mode]) => ({
    name: `Kinesis Client Library ${version}, ${mode}`,
    version,
    tell: (t, classPath) => scenario(t, classPath, version, mode),
  })),
);
