import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { DescribeStreamSummaryCommand, ListStreamConsumersCommand } from '@aws-sdk/client-kinesis';
import { inTurn } from './in-turn.ts';
import { LEASES_BY_OWNER } from './lease-table.ts';
import { metricsOf, sumOf } from './metrics.ts';
import { until } from './poll.ts';
import { FIRST, ReadingScenario, SECOND } from './reading-scenario.ts';
import { tellStories } from './stories.ts';
import type { Mode } from './worker-options.ts';
import { World } from './world.ts';

/** Both ways to read, each an application of its own on a stream of its own, in one JVM at the same time. */
const MODES: readonly Mode[] = ['polling', 'fan-out'];

const checkLeases = async ({ leases, firstHalf, stream }: ReadingScenario): Promise<void> => {
  const [reached, last] = [firstHalf.at(-1), stream.of(SECOND).at(-1)];
  const lease = await leases.lease(FIRST);
  assert.equal(lease.checkpoint?.S, reached?.sequenceNumber);
  assert.equal(lease.checkpointSubSequenceNumber?.N, String(reached?.subSequenceNumber));
  assert.equal((await leases.lease(SECOND)).checkpoint?.S, last?.sequenceNumber);
};

const checkIndex = async ({ leases, second }: ReadingScenario): Promise<void> => {
  const { GlobalSecondaryIndexes = [], BillingModeSummary } = await leases.describe();
  assert.equal(BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
  const index = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === LEASES_BY_OWNER);
  assert.equal(index?.IndexStatus, 'ACTIVE');
  assert.equal(index?.Projection?.ProjectionType, 'KEYS_ONLY');
  assert.deepEqual(await leases.keysOf(second), [FIRST, SECOND]);
};

const checkCoordination = async ({ leases, second }: ReadingScenario): Promise<void> => {
  const [leader] = await leases.ofKind('LEADER');
  assert.equal(leader?.ownerName?.S, second);
  const isReported = async () =>
    (await leases.ofKind('WORKER_METRIC_STATS')).some(({ leaseKey }) => leaseKey?.S === second);
  await until('a row of the worker’s metrics', isReported);
  assert.equal((await leases.ofKind('CLIENT_VERSION_MIGRATION')).length, 1);
};

const checkMetrics = async (endpoint: string, { application, stream }: ReadingScenario): Promise<void> => {
  const read = async () => {
    const metrics = await metricsOf(endpoint, application);
    const counted = metrics.filter(({ MetricName }) => MetricName === 'RecordsProcessed');
    const sums = await Promise.all(counted.map((metric) => sumOf(endpoint, application, metric)));
    return sums.reduce((sum, one) => sum + one, 0);
  };
  // Counted as records of the stream: an aggregate is one by one what was put into it.
  const all = stream.of(FIRST).length + stream.of(SECOND).length;
  await until('the metrics of all records', async () => (await read()) >= all);
};

const scenario = async (t: TestContext, version: 2 | 3, classPath: string): Promise<void> => {
  await using world = await World.start({ polling: 2, 'fan-out': 2 });
  const process = world.aProcess(classPath);
  const both = MODES.map((mode) => new ReadingScenario(world, process, mode));
  const lawOfAll = inTurn(t);
  const law = (sentence: string, check: (of: ReadingScenario) => Promise<void> | void): Promise<void> =>
    lawOfAll(sentence, async () => {
      await Promise.all(both.map(async (one) => check(one)));
    });

  await Promise.all(both.map((one) => one.write()));
  await law(
    'reads every record from the beginning, and what aggregates hold by its place in them',
    async (one) => {
      await one.readFirstHalf();
      assert.deepEqual(one.beginningOf(one.first, FIRST)?.sequenceNumber, 'TRIM_HORIZON');
      assert.deepEqual(one.seenBy(one.first, FIRST), one.firstHalf);
      assert.deepEqual(one.seenBy(one.first, SECOND), one.stream.of(SECOND));
    },
  );
  await law('stops in good order, its checkpoints in the table', async (one) => {
    await one.stop(one.first);
    await checkLeases(one);
  });
  await law('goes on behind its checkpoint inside an aggregate', async (one) => {
    await one.readSecondHalf();
    const { sequenceNumber, subSequenceNumber } = one.firstHalf.at(-1) ?? assert.fail();
    assert.deepEqual(one.beginningOf(one.second, FIRST), { sequenceNumber, subSequenceNumber });
    assert.deepEqual(one.seenBy(one.second, FIRST), one.secondHalf);
    assert.deepEqual(one.seenBy(one.second, SECOND), []);
  });
  await law('reads what is written while it runs', async (one) => {
    const before = one.stream.of(SECOND).length;
    for (let number = 0; one.stream.of(SECOND).length === before; number++)
      await one.stream.put({ key: `later ${number}`, data: 'later' });
    const expected = one.stream.of(SECOND).slice(before);
    await until('the new record', () => one.seenBy(one.second, SECOND).length > 0);
    assert.deepEqual(one.seenBy(one.second, SECOND), expected);
  });
  if (version === 3) {
    await law('finds its leases through the index that it made', checkIndex);
    await law('keeps its leader and its workers’ metrics in the lease table', checkCoordination);
  }
  await law('puts its metrics where CloudWatch’s API tells of them', (one) =>
    checkMetrics(world.endpoint, one),
  );
  await lawOfAll('registers as a consumer of the stream for fan-out alone', async () => {
    const consumers = await Promise.all(
      MODES.map(async (StreamName) => {
        const summary = await world.kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        const { StreamARN } = summary.StreamDescriptionSummary ?? {};
        const { Consumers = [] } = await world.kinesis.send(new ListStreamConsumersCommand({ StreamARN }));
        return Consumers.map(({ ConsumerName, ConsumerStatus }) => `${ConsumerName} ${ConsumerStatus}`);
      }),
    );
    assert.deepEqual(consumers, [[], ['fan-out-application ACTIVE']]);
  });
  await lawOfAll('ends with nothing in its log', async () => {
    assert.equal(await process.end(), 0);
    assert.deepEqual(process.log.unexpected(), []);
  });
};

tellStories(
  'reading a stream',
  ([3, 2] as const).map((version) => ({
    name: `Kinesis Client Library ${version} for Java`,
    version,
    tell: (t, classPath) => scenario(t, version, classPath),
  })),
);
