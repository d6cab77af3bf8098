import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Chance, FakeClock, settlePromises } from '@millrace/client-common/testing';
import { type Network, SimMachine } from '../../test/sim-machine.ts';
import type { ConsumerEvent } from '../event.ts';
import type { FleetStore } from './fleet-store.ts';
import { LeaderElection } from './leader-election.ts';
import type { LeaderRow } from './leader-row.ts';
import { MemoryFleetStore } from './memory-fleet-store.ts';

const LEASE_MS = 120_000;
const HEARTBEAT_MS = 30_000;
const FAILOVER_MS = 10_000;
const settings = { failoverMs: FAILOVER_MS, leaderLeaseMs: LEASE_MS, leaderHeartbeatMs: HEARTBEAT_MS };

describe('who leads', () => {
  let clock: FakeClock;
  let fleet: MemoryFleetStore;
  let loses: 'nothing' | 'the answer' | 'the request';
  let told: ConsumerEvent['kind'][];
  beforeEach(() => {
    clock = new FakeClock(settlePromises);
    fleet = new MemoryFleetStore(new Map());
    loses = 'nothing';
    told = [];
  });

  const unreliable: Pick<FleetStore, 'leader' | 'replaceLeader'> = {
    leader: () => fleet.leader(),
    async replaceLeader(seen, next) {
      if (loses === 'the request') throw new Error('lost');
      const isWritten = await fleet.replaceLeader(seen, next);
      if (loses === 'the answer') throw new Error('lost');
      return isWritten;
    },
  };
  const anElection = (workerId: string): LeaderElection => {
    const report = (event: ConsumerEvent): void => void told.push(event.kind);
    return new LeaderElection({
      clock,
      random: new Chance(told.length),
      fleet: unreliable,
      workerId,
      settings,
      report,
    });
  };
  const stored = async (): Promise<LeaderRow> => {
    const row = await fleet.leader();
    assert(row !== undefined);
    return row;
  };

  test('the first to try, and with each sign of life for so much longer', async () => {
    const [ada, grace] = [anElection('ada'), anElection('grace')];
    await ada.tryToLead();
    await grace.tryToLead();
    assert.deepEqual([ada.isLeader(), grace.isLeader()], [true, false]);
    const first = await stored();
    assert.match(first.version, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    await clock.advance(HEARTBEAT_MS);
    await ada.tryToLead();
    const second = await stored();
    assert.deepEqual([second.owner, second.durationMs], ['ada', LEASE_MS]);
    assert.notEqual(second.version, first.version);
    assert.deepEqual(told, ['leaderBegan']);
  });

  test('a leader that is not heard of is none any more before another takes over', async () => {
    const [ada, grace] = [anElection('ada'), anElection('grace')];
    await ada.tryToLead();
    await grace.tryToLead();
    await clock.advance(LEASE_MS);
    await grace.tryToLead();
    assert.deepEqual([ada.isLeader(), grace.isLeader()], [false, false]);
    await clock.advance(1);
    await grace.tryToLead();
    assert(grace.isLeader());
    await ada.tryToLead();
    assert(!ada.isLeader());
    assert.deepEqual(told, ['leaderBegan', 'leaderBegan', 'leaderEnded']);
  });

  test('the row’s own duration counts, not the observer’s', async () => {
    const row = { owner: 'java', durationMs: 5_000, version: 'x', isReleased: false };
    await fleet.replaceLeader(undefined, row);
    const ada = anElection('ada');
    await ada.tryToLead();
    await clock.advance(5_001);
    await ada.tryToLead();
    assert(ada.isLeader());
  });

  test('a leader that gives up is followed at once', async () => {
    const [ada, grace] = [anElection('ada'), anElection('grace')];
    await ada.tryToLead();
    await ada.release();
    assert(!ada.isLeader());
    assert.deepEqual([(await stored()).owner, (await stored()).isReleased], ['ada', true]);
    await grace.tryToLead();
    assert(grace.isLeader());
    await ada.release();
    assert.equal((await stored()).owner, 'grace');
  });

  test('a worker that comes back with its name leads at once', async () => {
    await anElection('ada').tryToLead();
    const again = anElection('ada');
    await again.tryToLead();
    assert(again.isLeader());
  });

  for (const what of ['the answer', 'the request'] as const) {
    test(`a leader goes on when ${what} of a sign of life is lost, as long as its time lasts`, async () => {
      const ada = anElection('ada');
      await ada.tryToLead();
      loses = what;
      for (let beats = 1; beats <= 3; beats++) {
        await clock.advance(HEARTBEAT_MS);
        await ada.tryToLead();
        assert(ada.isLeader(), `after ${beats}`);
      }
      loses = 'nothing';
      await ada.tryToLead();
      assert(ada.isLeader());
    });
  }

  test('who lost the answer to its first try leads with the next', async () => {
    const ada = anElection('ada');
    loses = 'the answer';
    await ada.tryToLead();
    assert(!ada.isLeader());
    loses = 'nothing';
    await ada.tryToLead();
    assert(ada.isLeader());
  });

  test('never two at a time, though workers stand still, lose answers and have clocks that differ', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const leaders = await electionOf(seed);
      assert(leaders > 0, `somebody leads; seed ${seed}`);
    }
  });
});

/** Signs of life so frequent that a little more or less time matters. */
const FREQUENT = { failoverMs: FAILOVER_MS, leaderLeaseMs: 40_000, leaderHeartbeatMs: 500 };

/** Plays a while; the number of moments at which somebody led. */
const electionOf = async (seed: number): Promise<number> => {
  const chance = new Chance(seed);
  const world = new FakeClock(settlePromises);
  const fleet = new MemoryFleetStore(new Map());
  const network: Network = { refused: 0.1, lost: 0.1, latencyMsMax: 200 };
  const stop = new AbortController();
  const members = Array.from({ length: 3 }, (_, number) => {
    const rate = [0.97, 1, 1.03][chance.below(3)] ?? 1;
    const machine = new SimMachine(world, chance, network, rate);
    const seen: Pick<FleetStore, 'leader' | 'replaceLeader'> = {
      leader: () => machine.call(() => fleet.leader()),
      replaceLeader: (before, next) => machine.call(() => fleet.replaceLeader(before, next)),
    };
    const parts = {
      clock: machine,
      random: chance,
      fleet: seen,
      workerId: `w${number}`,
      settings: FREQUENT,
      report: () => {},
    };
    const election = new LeaderElection(parts);
    void election.run(stop.signal);
    return { machine, election };
  });
  let moments = 0;
  for (let round = 0; round < 400; round++) {
    await world.advance(chance.below(8_000));
    const { machine } = members[chance.below(3)] as (typeof members)[0];
    if (chance.hits(0.3)) machine.pause();
    else if (chance.hits(0.4)) machine.resume();
    const leading = members.filter(({ election }) => election.isLeader()).length;
    assert(leading <= 1, `two leaders; seed ${seed}`);
    moments += leading;
  }
  stop.abort();
  return moments;
};
