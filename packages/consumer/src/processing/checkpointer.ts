import { ConsumerError, isLeaseLost } from '../errors.ts';
import { type Checkpoint, compareCheckpoints, SHARD_END } from '../leases/checkpoint.ts';
import type { ChangeOf, HeldLease } from '../leases/held-lease.ts';
import { checkpointed, type Lease, type LeaseChange } from '../leases/lease.ts';

/** A checkpoint whose first step is done. */
export interface PreparedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The second step. */
  commit(): Promise<void>;
}

export interface Checkpointer {
  /** All up to there is done, and written down. */
  readonly last: Checkpoint;
  /**
   * All up to this place is done: whoever has the shard next begins behind it. Without an argument that is all that
   * was delivered. The place lies behind the last checkpoint and not behind what was delivered; that of the last
   * checkpoint itself changes nothing. Rejects with a `ConsumerError`; with `LeaseLost` the work is another's.
   */
  checkpoint(place?: Checkpoint): Promise<void>;
  /** The first of two steps: kept beside the checkpoint, and told to whoever begins before `commit`. */
  prepare(place?: Checkpoint, state?: Uint8Array): Promise<PreparedCheckpoint>;
}

/** Writes again what had no answer, as long as the lease may be ours. */
type RetriedWrite = (changeOf: ChangeOf) => Promise<void>;

/** The checkpoints of one lease. */
export class LeaseCheckpointer implements Checkpointer {
  readonly #held: HeldLease;
  readonly #write: RetriedWrite;
  #delivered: Checkpoint;
  #childShardIds: readonly string[] = [];

  constructor(held: HeldLease, write: RetriedWrite) {
    this.#held = held;
    this.#write = write;
    this.#delivered = held.lease.checkpoint;
  }

  get last(): Checkpoint {
    return this.#held.lease.checkpoint;
  }

  /** Records up to there are in the processor's hands. */
  deliver(end: Checkpoint): void {
    if (compareCheckpoints(end, this.#delivered) > 0) this.#delivered = end;
  }

  /** All records are, and nothing will follow. */
  deliverEnd(childShardIds: readonly string[]): void {
    this.#childShardIds = childShardIds;
    this.deliver(SHARD_END);
  }

  async checkpoint(place: Checkpoint = this.#delivered): Promise<void> {
    if (this.#isDone(place)) return this.#refuseLost();
    const change = { ...checkpointed(this.#onlyPlace(place)), ...this.#children(place) };
    await this.#write((lease) => (this.#isBehind(place, lease) ? undefined : change));
  }

  async prepare(place: Checkpoint = this.#delivered, state?: Uint8Array): Promise<PreparedCheckpoint> {
    this.#isDone(place);
    const checkpoint = this.#onlyPlace(place);
    await this.#write((lease) =>
      this.#isBehind(checkpoint, lease) ? undefined : { pending: { checkpoint, state } },
    );
    return { checkpoint, commit: () => this.checkpoint(checkpoint) };
  }

  /** The last checkpoint says so already. Throws where it cannot be said. */
  #isDone(place: Checkpoint): boolean {
    const { last } = this;
    const { pending } = this.#held.lease;
    const order = compareCheckpoints(place, last);
    if (order >= 0 && compareCheckpoints(place, this.#delivered) <= 0) return order === 0 && !pending;
    const shown = ({ sequenceNumber, subSequenceNumber }: Checkpoint): string =>
      `${sequenceNumber}/${subSequenceNumber}`;
    const bounds = `behind ${shown(last)} and not behind ${shown(this.#delivered)}`;
    throw new ConsumerError('InvalidCheckpoint', `${shown(place)} does not lie ${bounds}`);
  }

  /** A later checkpoint was written while this one waited or had no answer. */
  #isBehind(place: Checkpoint, { checkpoint }: Lease): boolean {
    return compareCheckpoints(place, checkpoint) < 0;
  }

  /** A record is a place too, and has more to it. */
  #onlyPlace({ sequenceNumber, subSequenceNumber }: Checkpoint): Checkpoint {
    return { sequenceNumber, subSequenceNumber };
  }

  #children(place: Checkpoint): LeaseChange {
    return compareCheckpoints(place, SHARD_END) === 0 ? { childShardIds: this.#childShardIds } : {};
  }

  #refuseLost(): void {
    if (!this.#held.isLost) return;
    throw new ConsumerError('LeaseLost', `another worker has the lease of ${this.#held.lease.leaseKey}`);
  }
}

/** For who does not mind that the work is another's now. */
export const unlessLost = async (checkpointing: Promise<void>): Promise<void> => {
  try {
    await checkpointing;
  } catch (error) {
    if (!isLeaseLost(error)) throw error;
  }
};
