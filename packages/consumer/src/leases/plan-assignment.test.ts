import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chance } from '@millrace/client-common/testing';
import fc from 'fast-check';
import { SHARD_END, TRIM_HORIZON } from './checkpoint.ts';
import { type Lease, newLease } from './lease.ts';
import type { ObservedLease } from './lease-observer.ts';
import type { Measure, MeasuredWorker } from './measures.ts';
import { type AssignmentRules, planAssignment } from './plan-assignment.ts';

const RULES: AssignmentRules = {
  failoverMs: 10_000,
  gracefulHandoffTimeoutMs: 30_000,
  gracefulHandoff: true,
  leasesMax: 100,
  throughputKBpsMax: Number.POSITIVE_INFINITY,
  rebalanceThresholdPercent: 10,
  dampeningPercent: 60,
  allowThroughputOvershoot: true,
};

const seen = (
  name: string,
  fields: Partial<Lease> = {},
  times: Partial<ObservedLease> = {},
): ObservedLease => ({
  lease: { ...newLease(name, TRIM_HORIZON, { parentShardIds: [], range: undefined }), ...fields },
  unchangedMs: 0,
  handOverMs: 0,
  ...times,
});

const leases = (owner: string | undefined, count: number, throughputKBps = 0): ObservedLease[] =>
  Array.from({ length: count }, (_, number) => seen(`${owner} ${number}`, { owner, throughputKBps }));

const workers = (...ids: readonly string[]): MeasuredWorker[] =>
  ids.map((workerId) => ({ workerId, measures: new Map() }));

const busy = (workerId: string, percent: number, limit = 100): MeasuredWorker => ({
  workerId,
  measures: new Map<string, Measure>([['C', { value: percent, limit }]]),
});

const plan = (
  observed: readonly ObservedLease[],
  fleet: readonly MeasuredWorker[],
  rules: Partial<AssignmentRules> = {},
  balances = true,
) => planAssignment(observed, fleet, { ...RULES, ...rules }, balances, new Chance(1));

/** What was planned, as `lease>worker`, with `~` for a request to hand it over. */
const told = (...given: Parameters<typeof plan>): string[] =>
  plan(...given).map(({ lease, to, isGraceful }) => `${lease.leaseKey}${isGraceful ? '~' : ''}>${to}`);

const countsBy = (...given: Parameters<typeof plan>): Record<string, number> => {
  const groups = Map.groupBy(plan(...given), ({ to }) => to);
  return Object.fromEntries([...groups].map(([worker, all]) => [worker, all.length]));
};

describe('what a leader does with leases that nobody works on', () => {
  test('it shares them out evenly when nothing is known of them', () => {
    assert.deepEqual(countsBy(leases(undefined, 7), workers('ada', 'grace', 'mary')), {
      ada: 3,
      grace: 2,
      mary: 2,
    });
  });

  test('it gives them to whoever has least', () => {
    assert.deepEqual(
      countsBy([...leases('ada', 3), ...leases(undefined, 2)], workers('ada', 'grace'), {}, false),
      {
        grace: 2,
      },
    );
    const loads = [...leases('ada', 1, 900), ...leases('grace', 4, 10), ...leases(undefined, 1, 10)];
    assert.deepEqual(countsBy(loads, workers('ada', 'grace'), {}, false), { grace: 1 });
  });

  test('to whoever is least busy, where workers measure themselves', () => {
    const observed = [...leases('ada', 1, 5), ...leases('grace', 3, 5), ...leases(undefined, 1, 5)];
    assert.deepEqual(told(observed, [busy('ada', 80), busy('grace', 20)], {}, false), ['undefined 0>grace']);
  });

  test('a lease that stood still as long as the failover is one of them', () => {
    const still = (unchangedMs: number) => [seen('x', { owner: 'dead' }, { unchangedMs })];
    assert.deepEqual(told(still(10_000), workers('ada')), []);
    assert.deepEqual(told(still(10_001), workers('ada')), ['x>ada']);
  });

  test('those of workers that are not there stay while they are renewed', () => {
    assert.deepEqual(told(leases('of another kind', 5), workers('ada')), []);
  });

  test('a finished shard is nobody’s', () => {
    assert.deepEqual(told([seen('x', { checkpoint: SHARD_END })], workers('ada')), []);
  });

  test('who has the lease by name need not be told, but another gets what it leaves lying', () => {
    const back = (unchangedMs: number) => [
      seen('x', { owner: 'ada' }, { unchangedMs }),
      ...leases('grace', 1),
    ];
    assert.deepEqual(told(back(10_001), workers('ada', 'grace'), {}, false), []);
    assert.deepEqual(told(back(30_001), workers('ada', 'grace'), {}, false), ['x>grace']);
    assert.deepEqual(told([seen('x', { owner: 'ada' }, { unchangedMs: 30_001 })], workers('ada')), []);
  });

  test('a hand-over from a worker that has died is cut short', () => {
    const waiting = seen('x', { owner: 'ada', checkpointOwner: 'dead' }, { unchangedMs: 10_001 });
    assert.deepEqual(told([waiting], workers('ada')), ['x>ada']);
  });

  test('nobody gets more than it may', () => {
    assert.deepEqual(countsBy(leases(undefined, 7), workers('ada', 'grace'), { leasesMax: 2 }), {
      ada: 2,
      grace: 2,
    });
    const loads = [...leases('ada', 1, 101), ...leases(undefined, 2, 1)];
    assert.deepEqual(told(loads, workers('ada'), { throughputKBpsMax: 100 }), []);
  });

  test('without workers it waits', () => {
    assert.deepEqual(told([...leases(undefined, 2), ...leases('dead', 1)], []), []);
  });
});

describe('how a leader balances', () => {
  test('an idle fleet by number', () => {
    assert.deepEqual(countsBy(leases('ada', 6), workers('ada', 'grace', 'mary')), { grace: 2, mary: 2 });
    assert.deepEqual(told([...leases('ada', 2), ...leases('grace', 1)], workers('ada', 'grace')), []);
  });

  test('only when it is its turn', () => {
    assert.deepEqual(told(leases('ada', 6), workers('ada', 'grace'), {}, false), []);
  });

  test('by asking for a hand-over, or by taking away', () => {
    assert.match(told(leases('ada', 2), workers('ada', 'grace')).join(), /^ada [01]~>grace$/);
    const rules = { gracefulHandoff: false };
    assert.match(told(leases('ada', 2), workers('ada', 'grace'), rules).join(), /^ada [01]>grace$/);
  });

  test('by throughput, and no more at a time than it should', () => {
    const observed = [...leases('ada', 10, 100), ...leases('grace', 10, 1)];
    // 60 percent of the half that ada has too much: 300 of 1000.
    assert.deepEqual(countsBy(observed, workers('ada', 'grace')), { grace: 2 });
    assert.deepEqual(countsBy(observed, workers('ada', 'grace'), { dampeningPercent: 100 }), { grace: 4 });
  });

  test('nothing that is within the threshold', () => {
    const observed = [...leases('ada', 11, 100), ...leases('grace', 9, 100)];
    assert.deepEqual(told(observed, workers('ada', 'grace')), []);
    assert.equal(told(observed, workers('ada', 'grace'), { rebalanceThresholdPercent: 5 }).length, 1);
  });

  test('a lease that is larger than what should go, unless that is forbidden', () => {
    const observed = leases('ada', 2, 100);
    assert.equal(told(observed, workers('ada', 'grace')).length, 1);
    assert.deepEqual(told(observed, workers('ada', 'grace'), { allowThroughputOvershoot: false }), []);
  });

  test('never so that the other one would be the busier', () => {
    const observed = [...leases('ada', 1, 900), ...leases('grace', 3, 10)];
    assert.deepEqual(told(observed, workers('ada', 'grace')), []);
  });

  test('by what workers measure, and not at all where they are equally busy', () => {
    const observed = [...leases('ada', 4, 50), ...leases('grace', 4, 50)];
    assert.equal(countsBy(observed, [busy('ada', 90), busy('grace', 30)]).grace, 1);
    assert.deepEqual(told(observed, [busy('ada', 60), busy('grace', 60)]), []);
  });

  test('no worker gets more than it says it can bear', () => {
    const observed = [...leases('ada', 4, 50), ...leases('grace', 4, 50)];
    assert.deepEqual(told(observed, [busy('ada', 90), busy('grace', 30, 35)]), []);
  });

  test('what is being handed over moves no further, and counts for who will have it', () => {
    const coming = Array.from({ length: 3 }, (_, number) =>
      seen(`coming ${number}`, { owner: 'grace', checkpointOwner: 'ada' }),
    );
    assert.deepEqual(told([...leases('ada', 3), ...coming], workers('ada', 'grace')), []);
  });

  test('a hand-over that takes too long is cut short', () => {
    const waiting = (handOverMs: number) => [
      seen('x', { owner: 'ada', checkpointOwner: 'slow' }, { handOverMs }),
    ];
    assert.deepEqual(told(waiting(40_000), workers('ada', 'slow')), []);
    assert.deepEqual(told(waiting(40_001), workers('ada', 'slow')), ['x>ada']);
  });

  test('workers of unlike machines come to be equally busy, and stay so', () => {
    const throughputs = Array.from({ length: 24 }, (_, index) => 20 + (index % 5) * 10);
    const owners: string[] = throughputs.map((_, index) => (index % 2 === 0 ? 'slow' : 'fast'));
    /** The slow machine takes three times as long for the same. */
    const percentOf = (worker: string, perKBps: number): number =>
      throughputs.reduce((sum, load, index) => sum + (owners[index] === worker ? load * perKBps : 0), 0);
    const step = (): number => {
      const observed = owners.map((owner, index) =>
        seen(String(index), { owner, throughputKBps: throughputs[index] }),
      );
      const moves = plan(observed, [
        busy('slow', percentOf('slow', 0.15)),
        busy('fast', percentOf('fast', 0.05)),
      ]);
      for (const { lease, to } of moves) owners[Number(lease.leaseKey)] = to;
      return moves.length;
    };
    const rounds = Array.from({ length: 20 }, step);
    assert.deepEqual(rounds.slice(-10), Array(10).fill(0));
    const [slow, fast] = [percentOf('slow', 0.15), percentOf('fast', 0.05)];
    assert(slow < 1.3 * fast && fast < 1.3 * slow, `${slow} and ${fast} percent`);
  });

  test('whatever the loads, it comes to rest, and with equal ones to shares that differ by one at the most', () => {
    const loads = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 12 }),
      fc.tuple(fc.nat(12), fc.nat(1_000)).map(([count, load]) => Array.from({ length: count }, () => load)),
    );
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 4 }), fc.nat(), (throughputs, workerCount, first) => {
        const ids = Array.from({ length: workerCount }, (_, number) => `worker ${number}`);
        const owners = throughputs.map((_, index) => ids[(index * first) % workerCount] ?? '');
        const step = (): number => {
          const observed = owners.map((owner, index) =>
            seen(String(index), { owner, throughputKBps: throughputs[index] }),
          );
          const moves = plan(observed, workers(...ids), { rebalanceThresholdPercent: 0 });
          for (const { lease, to } of moves) owners[Number(lease.leaseKey)] = to;
          return moves.length;
        };
        const rounds = Array.from({ length: 100 }, step);
        assert.equal(rounds.at(-1), 0, 'it comes to rest');
        if (new Set(throughputs).size > 1) return;
        const counts = ids.map((id) => owners.filter((owner) => owner === id).length);
        assert(Math.max(...counts) - Math.min(...counts) <= 1, counts.join());
      }),
    );
  });
});
