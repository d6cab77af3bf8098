import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Fleet } from './fleet.ts';
import { inTurn } from './in-turn.ts';
import { until } from './poll.ts';
import { DOUBLE, HALVE, MERGE_FIRST_TWO, parentsOf, reshard, SPLIT_FIRST } from './reshard.ts';
import { tellStories } from './stories.ts';
import type { Mode } from './worker-options.ts';
import { World } from './world.ts';

const MODES: readonly Mode[] = ['polling', 'fan-out'];

/** From two shards to two. */
const CHANGES = {
  'a split in the middle': SPLIT_FIRST,
  'a merge': MERGE_FIRST_TWO,
  'twice the shards': DOUBLE,
  'half the shards': HALVE,
};

const scenario = async (t: TestContext, classPath: string): Promise<void> => {
  await using world = await World.start({ polling: 2, 'fan-out': 2 });
  const process = world.aProcess(classPath);
  const fleets = MODES.map((mode) => new Fleet(world, process, mode));
  const law = inTurn(t);
  const lawOfAll = (sentence: string, check: (fleet: Fleet) => Promise<void>): Promise<void> =>
    law(sentence, async () => {
      await Promise.all(fleets.map(check));
    });

  await lawOfAll('two workers read a stream under load', async (fleet) => {
    await fleet.start();
    await fleet.settle();
  });
  for (const [what, choices] of Object.entries(CHANGES))
    await lawOfAll(`${what}: the leases become those of the open shards`, async (fleet) => {
      await reshard(world, fleet.stream.name, choices);
      await fleet.settle();
    });
  await lawOfAll(
    'every record came, in the order of its key, none before its parents’ end',
    async (fleet) => {
      await fleet.load.stop();
      await until('all records', () => fleet.deliveries.records >= fleet.stream.size);
      const { deliveries, stream } = fleet;
      assert.deepEqual(deliveries.missing(stream), []);
      deliveries.checkSessions(stream);
      deliveries.checkOrderOfKeys();
      deliveries.checkParentsFirst(await parentsOf(world, stream.name));
      t.diagnostic(`${stream.name}: ${stream.size} records, ${deliveries.repeated} of them twice`);
    },
  );
  await law('nothing went wrong', async () => {
    assert.equal(await process.end(), 0);
    assert.deepEqual(process.log.troubles(), []);
  });
};

tellStories(
  'a stream whose shards change',
  ([3, 2] as const).map((version) => ({
    name: `Kinesis Client Library ${version}`,
    version,
    tell: scenario,
  })),
);
