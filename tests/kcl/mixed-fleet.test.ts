import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Deliveries } from './deliveries.ts';
import { inTurn } from './in-turn.ts';
import { Load } from './load.ts';
import { until } from './poll.ts';
import { MERGE_FIRST_TWO, parentsOf, reshard, SPLIT_FIRST } from './reshard.ts';
import { tellStories } from './stories.ts';
import { untilShared } from './until-shared.ts';
import { World } from './world.ts';

const SHARDS = 3;
const [stream, application] = ['orders', 'billing'];

const scenario = async (t: TestContext, classPath: string, balancing: Balancing): Promise<void> => {
  await using world = await World.start({ [stream]: SHARDS });
  const table = world.leases(application);
  const written = world.stream(stream);
  const load = new Load(written);
  const law = inTurn(t);
  const begin = (worker: string) => ({ worker, application, stream, balancing });
  const sharedBy = (...workers: readonly string[]) => untilShared(table, workers, 1);
  const leader = async () => (await table.ofKind('LEADER'))[0]?.ownerName?.S ?? '';
  const aJavaWorker = (worker: string) => {
    const jvm = world.aProcess(classPath);
    jvm.startWorker(begin(worker));
    return jvm;
  };

  const firstJava = aJavaWorker('java-one');
  await law('a worker of Java begins', () => sharedBy('java-one'));
  const firstOurs = world.aConsumer(begin('ours-one'));
  await law('one of ours joins and gets a share', () => sharedBy('java-one', 'ours-one'));
  const secondOurs = world.aConsumer(begin('ours-two'));
  await law('a shard splits while another of ours joins', async () => {
    await reshard(world, stream, SPLIT_FIRST);
    await sharedBy('java-one', 'ours-one', 'ours-two');
  });
  await law('ours take over from a worker of Java that dies', async () => {
    await firstJava.kill();
    await sharedBy('ours-one', 'ours-two');
    if (balancing === 'leader') await until('one of ours leads', async () => /^ours/.test(await leader()));
  });
  const secondJava = aJavaWorker('java-two');
  await law('shards merge while a worker of Java joins ours', async () => {
    await reshard(world, stream, MERGE_FIRST_TWO);
    await sharedBy('java-two', 'ours-one', 'ours-two');
  });
  await law('the others take over from one of ours that dies', async () => {
    await firstOurs.kill();
    await sharedBy('java-two', 'ours-two');
  });
  await law('the worker of Java takes over from one of ours that leaves', async () => {
    assert.equal(await secondOurs.end(), 0);
    await sharedBy('java-two');
  });
  await law('every record came, in the order of its key, none before its parents’ end', async () => {
    await load.stop();
    await until('all records', () => new Deliveries(world.events).records >= written.size);
    const deliveries = new Deliveries(world.events);
    assert.deepEqual(deliveries.missing(written), []);
    deliveries.checkSessions(written);
    deliveries.checkOrderOfKeys();
    deliveries.checkParentsFirst(await parentsOf(world, stream));
    t.diagnostic(`${written.size} records, ${deliveries.repeated} of them twice`);
  });
  await law('nothing went wrong for those that stayed', async () => {
    assert.equal(await secondJava.end(), 0);
    assert.deepEqual([...secondOurs.log.troubles(), ...secondJava.log.troubles()], []);
  });
};

/** What each version of the library does. */
const BALANCING = { 3: 'leader', 2: 'count' } as const;
type Balancing = (typeof BALANCING)[2 | 3];

tellStories(
  'workers of both libraries on one application',
  ([3, 2] as const).map((version) => ({
    name: `Kinesis Client Library ${version} and ours`,
    version,
    tell: (t, classPath) => scenario(t, classPath, BALANCING[version]),
  })),
);
