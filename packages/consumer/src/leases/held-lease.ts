import type { Clock } from '@millrace/client-common';
import { ConsumerError } from '../errors.ts';
import { isSameState, type Lease, type LeaseChange, released } from './lease.ts';
import type { LeaseStore } from './lease-store.ts';
import { Throughput } from './throughput.ts';

/** Our own lost answer, and a leader's request for a hand-over, may each make the first try fail. */
const TRIES_MAX = 3;

/** From the lease as it is, what is to change in it. */
export type ChangeOf = (lease: Lease) => LeaseChange | undefined;

export interface HeldLeaseParts {
  readonly clock: Clock;
  readonly store: Pick<LeaseStore, 'update'>;
  readonly workerId: string;
  readonly failoverMs: number;
  /** As it was written when it was taken, and when that was asked for. */
  readonly lease: Lease;
  readonly takenMs: number;
}

/**
 * A lease in the hands of this worker. All writes to it go one after another, each on the condition that nobody
 * else has written, so that whoever lost the lease can write nothing more. Time counts from when a write that
 * succeeded was sent, not from its answer.
 */
export class HeldLease {
  readonly #parts: HeldLeaseParts;
  readonly #ended = new AbortController();
  readonly #handOver = new AbortController();
  readonly #throughput: Throughput;
  #lease: Lease;
  #writtenMs: number;
  /** A write without an answer may have taken effect. */
  #isUncertain = false;
  #turn: Promise<unknown> = Promise.resolve();
  #isLost = false;

  constructor(parts: HeldLeaseParts) {
    this.#parts = parts;
    this.#lease = parts.lease;
    this.#writtenMs = parts.takenMs;
    this.#throughput = new Throughput(parts.clock, parts.lease.throughputKBps);
  }

  /** As it was last written or seen. */
  get lease(): Lease {
    return this.#lease;
  }

  /** Comes when it is lost or given up. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Comes when a leader asks that another worker go on. */
  get handOver(): AbortSignal {
    return this.#handOver.signal;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Nobody else can have taken it yet, by this worker's own clock. */
  get isCurrent(): boolean {
    const { clock, failoverMs } = this.#parts;
    return !this.ended.aborted && clock.monotonic() - this.#writtenMs < failoverMs;
  }

  /** So much was read from the shard. */
  read(bytes: number): void {
    this.#throughput.add(bytes);
  }

  renew(): Promise<boolean> {
    return this.#write(() => ({ throughputKBps: this.#throughput.sample() }));
  }

  /**
   * What is to change is decided when it is this write's turn; undefined for nothing any more. Rejects with
   * `LeaseLost`, or with whatever kept it from being written; it may then be written all the same.
   */
  async change(changeOf: ChangeOf): Promise<void> {
    if (!(await this.#write(changeOf))) {
      throw new ConsumerError('LeaseLost', `another worker has the lease of ${this.#lease.leaseKey}`);
    }
  }

  /** Gives it up. Though it be not written, this worker has it no more. */
  async release(): Promise<void> {
    try {
      await this.#write(released);
    } finally {
      this.#ended.abort();
    }
  }

  /** Somebody else may have it. */
  lose(): void {
    if (this.ended.aborted) return;
    this.#isLost = true;
    this.#ended.abort();
  }

  #write(changeOf: ChangeOf): Promise<boolean> {
    const turn = this.#turn.then(() => this.#try(changeOf));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #try(changeOf: ChangeOf): Promise<boolean> {
    const { clock, store } = this.#parts;
    for (let tries = 0; tries < TRIES_MAX && this.isCurrent; tries++) {
      const sentMs = clock.monotonic();
      const change = changeOf(this.#lease);
      if (change === undefined) return true;
      const outcome = await store.update(this.#lease, change).catch((error: unknown) => {
        this.#isUncertain = true;
        throw error;
      });
      const { isApplied, lease } = outcome;
      if (lease === undefined || !(isApplied || this.#isStillOurs(lease))) break;
      this.#see(lease);
      if (isApplied) this.#writtenMs = sentMs;
      if (isApplied) return true;
    }
    this.lose();
    return false;
  }

  /** Only its holder adds one to the counter and stays the holder; a request for a hand-over adds nothing. */
  #isStillOurs(now: Lease): boolean {
    const steps = now.counter - this.#lease.counter;
    const isOurStep = steps === 0 || (steps === 1 && this.#isUncertain);
    const holder = now.checkpointOwner ?? now.owner;
    return isOurStep && holder === this.#parts.workerId && !isSameState(now, this.#lease);
  }

  #see(lease: Lease): void {
    this.#lease = lease;
    this.#isUncertain = false;
    if (lease.checkpointOwner === this.#parts.workerId) this.#handOver.abort();
  }
}
