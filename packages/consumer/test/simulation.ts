import assert from 'node:assert/strict';
import { Chance, FakeClock, settlePromises } from '@millrace/client-common/testing';
import {
  type Checkpoint,
  type ConsumedRecord,
  Consumer,
  compareCheckpoints,
  type Lease,
  type LeaseChange,
  type LeaseStore,
  MemoryLeaseStore,
  type RecordProcessor,
} from '@millrace/consumer';
import { FakeStream } from './fake-stream.ts';
import { HandOverLaw } from './hand-over-law.ts';
import { fleetSeenFrom, isEven, LaggingIndex, leasesOf } from './sim-fleet.ts';
import { type Network, SimMachine, storeSeenFrom, streamSeenFrom, type WriteWatch } from './sim-machine.ts';
import { SimSubscriptions } from './sim-subscriptions.ts';

const FAILOVER_MS = 10_000;
const HAND_OVER_MS = 60_000;
const TROUBLED_ROUNDS = 24;
const ROUND_MS_MAX = 12_000;
/** After all trouble: enough for a dead worker's leases, a hole in the table, and several generations of shards. */
const CALM_ROUNDS_MAX = 60;
const CALM_ROUND_MS = 20_000;
const WORKERS_MAX = 5;
/** So long nothing moves any more: some turns of a leader. */
const STILL_ROUNDS = 12;

interface SimWorker {
  readonly workerId: string;
  readonly machine: SimMachine;
  readonly consumer: Consumer;
  readonly running: Promise<void>;
  isLeaving: boolean;
  isDone: boolean;
}

/** By whom leases are shared out: in a mixed fleet some workers have a leader and some know of none. */
type Balancing = 'leader' | 'count' | 'mixed';

const pick = <Item>(chance: Chance, items: readonly Item[]): Item => {
  const item = items[chance.below(items.length)];
  assert(item !== undefined);
  return item;
};

/** The lives of several workers of one application, and the laws that hold all the time. */
export class Simulation {
  readonly trace: string[] = [];
  readonly #chance: Chance;
  readonly #clock = new FakeClock(settlePromises);
  readonly #store = new MemoryLeaseStore();
  readonly #index: LaggingIndex;
  readonly #balancing: Balancing;
  readonly #stream: FakeStream;
  readonly #subscriptions: SimSubscriptions;
  readonly #network: Network;
  readonly #workers: SimWorker[] = [];
  readonly #processed = new Set<string>();
  /** Of a shard's user records, how many were checkpointed. */
  readonly #checkpointed = new Map<string, number>();
  #violation: unknown;
  readonly #handOvers = new HandOverLaw(HAND_OVER_MS, FAILOVER_MS);
  /** Leases that went from one worker to another. */
  #moves = 0;
  #puts = 0;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
    this.#index = new LaggingIndex(this.#chance, this.#store);
    this.#balancing = pick(this.#chance, ['leader', 'leader', 'leader', 'count', 'mixed']);
    this.#stream = new FakeStream(1 + this.#chance.below(4));
    this.#subscriptions = new SimSubscriptions(this.#clock, this.#chance, this.#stream);
    this.#network = {
      refused: pick(this.#chance, [0, 0.02, 0.2]),
      lost: pick(this.#chance, [0, 0.02, 0.2]),
      latencyMsMax: pick(this.#chance, [0, 20, 300]),
    };
  }

  async run(): Promise<void> {
    for (let count = 1 + this.#chance.below(3); count > 0; count--) this.#addWorker();
    for (let round = 0; round < TROUBLED_ROUNDS; round++) {
      this.#happen();
      await this.#advance(this.#chance.below(ROUND_MS_MAX));
    }
    await this.#calmDown();
    await this.#settle();
    await this.#stopAll();
  }

  #happen(): void {
    const happenings: readonly (() => void)[] = [
      () => this.#put(),
      () => this.#put(),
      () => this.#put(),
      () => this.#reshard(),
      () => this.#pauseOne(),
      () => this.#killOne(),
      () => void (this.#alive().length < WORKERS_MAX && this.#addWorker()),
      () => this.#stopOne(),
      () => this.#askForHandOver(),
      () => this.#stream.expireIterators(),
    ];
    for (let count = 1 + this.#chance.below(2); count > 0; count--) pick(this.#chance, happenings)();
  }

  async #calmDown(): Promise<void> {
    this.#note('world', 'calms down');
    Object.assign(this.#network, { refused: 0, lost: 0 });
    for (const { machine } of this.#workers) machine.resume();
    // The others may have been asked to stop.
    this.#addWorker();
    for (let round = 0; round < CALM_ROUNDS_MAX && !(await this.#isDone()); round++) {
      await this.#advance(CALM_ROUND_MS);
    }
    const names = this.#stream.shards.flatMap(({ placed }) => placed.map(({ name }) => name));
    const missing = names.filter((name) => !this.#processed.has(name));
    assert.deepEqual(missing, [], 'every record is processed in the end');
    assert(await this.#isDone(), 'every shard that was closed is finished in the end');
  }

  /** Nothing is read any more, so that all leases weigh the same. */
  async #settle(): Promise<void> {
    if (this.#balancing === 'mixed') return;
    this.#network.latencyMsMax = Math.min(this.#network.latencyMsMax, 20);
    // What the slow network did to renewals before shows a little later.
    await this.#advance(5 * CALM_ROUND_MS);
    for (let round = 0; round < CALM_ROUNDS_MAX && !(await this.#isBalanced()); round++) {
      await this.#advance(CALM_ROUND_MS);
    }
    assert(await this.#isBalanced(), `leases are shared evenly in the end: ${await this.#counts()}`);
    // By count, a worker that has two less than its share may still take one.
    if (this.#balancing === 'count') return;
    const moves = this.#moves;
    for (let round = 0; round < STILL_ROUNDS; round++) await this.#advance(CALM_ROUND_MS);
    assert.equal(this.#moves, moves, 'what is balanced stays where it is');
  }

  #counts(): Promise<number[]> {
    const workerIds = this.#alive().map(({ workerId }) => workerId);
    return leasesOf(this.#store, workerIds);
  }

  async #isBalanced(): Promise<boolean> {
    if (this.#alive().some(({ isLeaving }) => isLeaving)) return false;
    return isEven(await this.#counts(), this.#stream.open.length, this.#balancing === 'leader');
  }

  async #stopAll(): Promise<void> {
    for (const { consumer } of this.#alive()) void consumer.stop();
    await this.#advance(4 * HAND_OVER_MS);
    for (const { workerId, isDone, machine } of this.#workers) {
      assert(isDone || machine.isDead, `${workerId} stops in the end`);
    }
    const owned = (await this.#store.list()).filter(({ owner }) =>
      this.#alive().some((w) => w.workerId === owner),
    );
    assert.deepEqual(owned, [], 'who has stopped owns nothing');
    assert.equal(this.#clock.timers, 0, 'nothing is left to happen');
  }

  /** All that was put is done, and written down. */
  async #isDone(): Promise<boolean> {
    const leases = new Map((await this.#store.list()).map((lease) => [lease.leaseKey, lease]));
    return this.#stream.shards.every(({ shardId, placed, children }) => {
      if (!placed.every(({ name }) => this.#processed.has(name))) return false;
      const lease = leases.get(shardId);
      return children.length === 0
        ? lease !== undefined
        : (lease?.checkpoint.sequenceNumber ?? 'SHARD_END') === 'SHARD_END';
    });
  }

  async #advance(ms: number): Promise<void> {
    await this.#clock.advance(ms);
    if (this.#violation !== undefined) throw this.#violation;
  }

  #alive(): SimWorker[] {
    return this.#workers.filter(({ machine, isDone }) => !machine.isDead && !isDone);
  }

  #addWorker(): void {
    const workerId = `w${this.#workers.length}`;
    const rate = pick(this.#chance, [1, 1, 0.97, 1.03]);
    const machine = new SimMachine(this.#clock, this.#chance, this.#network, rate);
    const consumer = new Consumer(
      {
        workerId,
        failoverMs: FAILOVER_MS,
        balancing: this.#balancing === 'mixed' ? pick(this.#chance, ['leader', 'count']) : this.#balancing,
        gracefulHandoff: this.#chance.hits(0.8),
        gracefulHandoffTimeoutMs: HAND_OVER_MS,
        leaderLeaseMs: 30_000,
        leaderHeartbeatMs: 8_000,
        workerReportMs: 10_000,
        varianceBalancingFrequency: 2,
        idleMs: 4_000,
        parentPollMs: 5_000,
        auditMs: 20_000,
        cleanupMs: 30_000,
        prefetchBatchesMax: 1 + this.#chance.below(3),
        retrieval: pick(this.#chance, ['polling', 'fanOut']),
        consumerName: 'simulation',
        eventTimeoutMs: 12_000,
        poison: () => 'retry',
        onEvent: (event) => this.#note(workerId, JSON.stringify(event)),
      },
      {
        clock: machine,
        random: this.#chance,
        store: this.#storeSeenFrom(machine, workerId),
        transport: streamSeenFrom(machine, this.#stream, this.#subscriptions),
      },
    );
    const running = this.#begin(consumer, machine);
    const worker: SimWorker = { workerId, machine, consumer, running, isLeaving: false, isDone: false };
    this.#workers.push(worker);
    running.then(
      () => {
        worker.isDone = true;
        this.#note(workerId, 'has stopped');
      },
      (error: unknown) => this.#violate(error),
    );
    this.#note(workerId, `joins, clock rate ${rate}`);
  }

  #storeSeenFrom(machine: SimMachine, workerId: string): LeaseStore {
    const fleet = fleetSeenFrom(machine, this.#store, this.#index, ({ leaseKey, owner }, to) => {
      this.#handOvers.asked(leaseKey, this.#clock.monotonic());
      this.#note(workerId, `asks ${owner} to hand ${leaseKey} to ${to}`);
    });
    return storeSeenFrom(machine, this.#store, fleet, this.#watch(workerId));
  }

  #begin(consumer: Consumer, machine: SimMachine): Promise<void> {
    const work = (record: ConsumedRecord): Promise<void> => this.#process(record, machine);
    if (this.#chance.hits(0.5)) return consumer.run(work);
    return consumer.runProcessors(() => this.#processor(work, machine));
  }

  /** Checkpoints as it likes, in one step or in two. */
  #processor(work: (record: ConsumedRecord) => Promise<void>, machine: SimMachine): RecordProcessor {
    let last: Checkpoint | undefined;
    return {
      processRecords: async ({ records, checkpointer, signal }) => {
        for (const record of records) {
          if (signal.aborted) return;
          await work(record);
          last = record;
          if (this.#chance.hits(0.2)) await checkpointer.checkpoint(record);
          if (this.#chance.hits(0.1)) await (await checkpointer.prepare(record)).commit();
        }
        if (this.#chance.hits(0.5) && !signal.aborted) await checkpointer.checkpoint();
      },
      shardEnded: (checkpointer) => checkpointer.checkpoint(),
      shutdownRequested: async (checkpointer) => {
        // Some take their time, and some too much of it.
        const ms = this.#chance.hits(0.2) ? this.#chance.below(2 * HAND_OVER_MS) : 0;
        if (ms > 0) await new Promise<void>((resolve) => void machine.after(ms, resolve));
        if (last !== undefined) await checkpointer.checkpoint(last).catch(() => {});
      },
    };
  }

  async #process({ shardId, data }: ConsumedRecord, machine: SimMachine): Promise<void> {
    if (this.#chance.hits(0.05)) throw new Error('the application fails');
    if (this.#chance.hits(0.1)) {
      const ms = this.#chance.below(3_000);
      await new Promise<void>((resolve) => void machine.after(ms, resolve));
    }
    const name = String(data);
    this.#law(() => {
      for (const parent of this.#stream.require(shardId).parentShardIds) {
        for (const { name: earlier } of this.#stream.require(parent).placed) {
          assert(this.#processed.has(earlier), `${earlier} of ${parent} comes before ${name} of ${shardId}`);
        }
      }
    });
    this.#note('record', name);
    this.#processed.add(name);
  }

  #watch(workerId: string): WriteWatch {
    return {
      updated: (before, change, after) => {
        this.#note(workerId, `writes ${before.leaseKey} ${Object.keys(change)} → ${after.counter}`);
        if (after.owner !== undefined && (before.checkpointOwner ?? before.owner) !== after.owner)
          this.#moves++;
        this.#law(() => this.#handOvers.check(workerId, before, after, this.#clock.monotonic()));
        if (change.checkpoint !== undefined) {
          this.#law(() => this.#checkCheckpoint(workerId, before, change));
        }
      },
      removed: (lease) =>
        this.#law(() =>
          assert.equal(lease.checkpoint.sequenceNumber, 'SHARD_END', 'only finished leases go'),
        ),
    };
  }

  #checkCheckpoint(workerId: string, before: Lease, { checkpoint }: LeaseChange): void {
    assert(checkpoint !== undefined);
    const { leaseKey } = before;
    assert.equal(
      before.checkpointOwner ?? before.owner,
      workerId,
      `only the owner of ${leaseKey} checkpoints`,
    );
    assert(compareCheckpoints(checkpoint, before.checkpoint) >= 0, `${leaseKey} never goes back`);
    const { placed } = this.#stream.require(leaseKey);
    let count = this.#checkpointed.get(leaseKey) ?? 0;
    for (let next = placed[count]; next !== undefined; next = placed[++count]) {
      if (compareCheckpoints(next, checkpoint) > 0) break;
      assert(this.#processed.has(next.name), `${next.name} of ${leaseKey} was skipped`);
    }
    this.#checkpointed.set(leaseKey, count);
  }

  #put(): void {
    for (let count = 1 + this.#chance.below(15); count > 0; count--) {
      const names = Array.from({ length: pick(this.#chance, [1, 1, 1, 3]) }, () => `r${this.#puts++}`);
      this.#stream.put(`key ${this.#chance.below(50)}`, ...names);
    }
  }

  #reshard(): void {
    const { open } = this.#stream;
    if (open.length > 6 || this.#chance.hits(0.4)) this.#stream.mergeAt(this.#chance.below(open.length));
    else this.#stream.split(pick(this.#chance, open));
    this.#note('stream', `has ${this.#stream.shards.length} shards`);
  }

  #pauseOne(): void {
    const [worker] = this.#someAlive();
    if (worker === undefined) return;
    worker.machine.pause();
    const ms = this.#chance.below(4 * FAILOVER_MS);
    this.#clock.after(ms, () => worker.machine.resume());
    this.#note(worker.workerId, `stands still for ${ms} ms`);
  }

  #killOne(): void {
    const [worker] = this.#someAlive();
    if (worker === undefined) return;
    worker.machine.die();
    this.#note(worker.workerId, 'dies');
  }

  #stopOne(): void {
    const [worker] = this.#someAlive();
    if (worker === undefined) return;
    void worker.consumer.stop();
    worker.isLeaving = true;
    this.#note(worker.workerId, 'is asked to stop');
  }

  #someAlive(): SimWorker[] {
    const alive = this.#alive();
    return alive.length === 0 ? [] : [pick(this.#chance, alive)];
  }

  /** As a leader of the fleet does: the counter stays as it is. */
  #askForHandOver(): void {
    const [to] = this.#someAlive();
    void this.#store.list().then((leases) => {
      const owned = leases.filter(
        ({ owner, checkpointOwner }) => owner !== undefined && checkpointOwner === undefined,
      );
      if (to === undefined || owned.length === 0) return;
      const lease = pick(this.#chance, owned);
      if (lease.owner === undefined || lease.owner === to.workerId) return;
      this.#handOvers.asked(lease.leaseKey, this.#clock.monotonic());
      this.#store.put({ ...lease, owner: to.workerId, checkpointOwner: lease.owner });
      this.#note('leader', `asks ${lease.owner} to hand ${lease.leaseKey} to ${to.workerId}`);
    });
  }

  #law(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#violate(error);
    }
  }

  #violate(error: unknown): void {
    this.#note('world', `violation: ${error}`);
    this.#violation ??= error;
  }

  #note(who: string, what: string): void {
    this.trace.push(`${Math.round(this.#clock.monotonic())} ${who} ${what}`);
  }
}
