import type { Chance, FakeClock } from '@millrace/client-common/testing';
import type {
  Clock,
  FleetStore,
  InitialPosition,
  IteratorStart,
  Lease,
  LeaseChange,
  LeaseStore,
  MemoryLeaseStore,
  Timer,
  Transport,
  UpdateOutcome,
} from '@millrace/consumer';
import type { FakeStream } from './fake-stream.ts';
import type { SimSubscriptions } from './sim-subscriptions.ts';

export interface Network {
  /** Of calls: refused before they take effect, and without an answer after they did. */
  refused: number;
  lost: number;
  latencyMsMax: number;
}

const failure = (name: string): Error => Object.assign(new Error(name), { name });

/** A machine with a clock of its own, that stands still for a while or for ever. */
export class SimMachine implements Clock {
  readonly #clock: FakeClock;
  readonly #chance: Chance;
  readonly #network: Network;
  /** Its seconds to those of the world. */
  readonly #rate: number;
  readonly #skewMs: number;
  #isPaused = false;
  #isDead = false;
  #waiting: (() => void)[] = [];

  constructor(clock: FakeClock, chance: Chance, network: Network, rate: number) {
    this.#clock = clock;
    this.#chance = chance;
    this.#network = network;
    this.#rate = rate;
    this.#skewMs = chance.hits(0.3) ? chance.below(600_000) - 300_000 : 0;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Machines do not agree on the date. */
  now(): number {
    return this.#clock.now() + this.#skewMs;
  }

  monotonic(): number {
    return this.#clock.monotonic() * this.#rate;
  }

  inBackground(delayMs: number, task: () => void): Timer {
    return this.after(delayMs, task);
  }

  after(delayMs: number, task: () => void): Timer {
    let isCancelled = false;
    const timer = this.#clock.after(delayMs / this.#rate, () =>
      this.#whenRunning(() => {
        if (!isCancelled) task();
      }),
    );
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (const task of this.#waiting.splice(0)) task();
  }

  die(): void {
    this.#isDead = true;
    this.#waiting = [];
  }

  /** A call over the network to something that is always there. */
  async call<Result>(effect: () => Promise<Result>): Promise<Result> {
    const { refused, lost } = this.#network;
    await this.#travel();
    if (this.#chance.hits(refused)) {
      await this.#travel();
      throw failure('ProvisionedThroughputExceededException');
    }
    const result = await effect();
    const isLost = this.#chance.hits(lost);
    await this.#travel();
    if (isLost) throw failure('ECONNRESET');
    return result;
  }

  #travel(): Promise<void> {
    const { latencyMsMax } = this.#network;
    const delayMs = this.#chance.hits(0.02) ? 20 * latencyMsMax : this.#chance.below(latencyMsMax + 1);
    return new Promise((resolve) => {
      if (delayMs === 0) this.#whenRunning(resolve);
      else this.#clock.after(delayMs, () => this.#whenRunning(resolve));
    });
  }

  #whenRunning(task: () => void): void {
    if (this.#isDead) return;
    if (this.#isPaused) this.#waiting.push(task);
    else task();
  }
}

/** Hears of every write at the moment when it takes effect. */
export interface WriteWatch {
  updated(before: Lease, change: LeaseChange, after: Lease): void;
  removed(lease: Lease): void;
}

export const storeSeenFrom = (
  machine: SimMachine,
  store: MemoryLeaseStore,
  fleet: FleetStore,
  watch: WriteWatch,
): LeaseStore => ({
  fleet,
  prepare: () => machine.call(() => store.prepare()),
  list: () => machine.call(() => store.list()),
  get: (leaseKey) => machine.call(() => store.get(leaseKey)),
  create: (lease) => machine.call(() => store.create(lease)),
  update: (seen, change) =>
    machine.call(async (): Promise<UpdateOutcome> => {
      const before = await store.get(seen.leaseKey);
      const outcome = await store.update(seen, change);
      if (outcome.isApplied && before !== undefined) watch.updated(before, change, outcome.lease);
      return outcome;
    }),
  remove: (seen) =>
    machine.call(async () => {
      await store.remove(seen);
      if ((await store.get(seen.leaseKey)) === undefined) watch.removed(seen);
    }),
});

export const streamSeenFrom = (
  machine: SimMachine,
  stream: FakeStream,
  subscriptions: SimSubscriptions,
): Transport => ({
  listShards: (openAt: InitialPosition | undefined) => machine.call(() => stream.listShards(openAt)),
  getIterator: (shardId: string, start: IteratorStart) =>
    machine.call(() => stream.getIterator(shardId, start)),
  getRecords: (iterator: string) => machine.call(() => stream.getRecords(iterator)),
  registerConsumer: (name) => machine.call(() => stream.registerConsumer(name)),
  describeConsumer: (consumerArn) => machine.call(() => stream.describeConsumer(consumerArn)),
  subscribe: (request, signal) => subscriptions.seenFrom(machine, request, signal),
  close: () => {},
});
