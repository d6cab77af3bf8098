import type { ConsumedRecord } from '../reading/user-record.ts';
import { Abandoned } from './abandoned.ts';
import type { AutoCheckpoint } from './auto-checkpoint.ts';
import { type Checkpointer, unlessLost } from './checkpointer.ts';
import type { RecordBatch, RecordProcessor } from './record-processor.ts';

/** Records of one shard, in order. Asking for the next batch says that this one is done. */
export interface Batch {
  readonly streamName: string;
  readonly shardId: string;
  readonly records: readonly ConsumedRecord[];
  readonly millisBehindLatest: number;
  readonly signal: AbortSignal;
}

interface Offer {
  readonly batch: Batch;
  readonly done: PromiseWithResolvers<void>;
}

/** Brings the batches of all shards to one loop: each shard offers one at a time, and they are taken in turn. */
export class BatchQueue {
  readonly #offers: Offer[] = [];
  #offered = Promise.withResolvers<void>();
  #taken: Offer | undefined;
  #isClosed = false;

  /** Resolves when the batch is done; rejects with `Abandoned` when it will not be. */
  async offer(batch: Batch): Promise<void> {
    if (this.#isClosed) throw new Abandoned();
    const offer = { batch, done: Promise.withResolvers<void>() };
    const withdraw = (): void => {
      const index = this.#offers.indexOf(offer);
      if (index < 0) return;
      this.#offers.splice(index, 1);
      offer.done.reject(new Abandoned());
    };
    batch.signal.addEventListener('abort', withdraw);
    this.#offers.push(offer);
    this.#offered.resolve();
    try {
      await offer.done.promise;
    } finally {
      batch.signal.removeEventListener('abort', withdraw);
    }
  }

  /** The last batch is done: the next one, or undefined when there will be none. */
  async next(): Promise<Batch | undefined> {
    this.#taken?.done.resolve();
    this.#taken = undefined;
    for (;;) {
      const offer = this.#offers.shift();
      this.#taken = offer;
      if (offer !== undefined) return offer.batch;
      if (this.#isClosed) return undefined;
      this.#offered = Promise.withResolvers();
      await this.#offered.promise;
    }
  }

  /** Nothing is taken any more; the last batch counts as undone. */
  close(): void {
    this.#isClosed = true;
    for (const { done } of this.#offers.splice(0)) done.reject(new Abandoned());
    this.#taken?.done.reject(new Abandoned());
    this.#taken = undefined;
    this.#offered.resolve();
  }
}

/** Offers a shard's batches, and checkpoints those that were done. */
export class BatchProcessor implements RecordProcessor {
  readonly #shard: Pick<Batch, 'shardId' | 'streamName'>;
  readonly #queue: BatchQueue;
  readonly #auto: AutoCheckpoint;

  constructor(shard: Pick<Batch, 'shardId' | 'streamName'>, queue: BatchQueue, auto: AutoCheckpoint) {
    this.#shard = shard;
    this.#queue = queue;
    this.#auto = auto;
  }

  async processRecords({ records, millisBehindLatest, signal, checkpointer }: RecordBatch): Promise<void> {
    await this.#queue.offer({ ...this.#shard, records, millisBehindLatest, signal });
    const last = records.at(-1);
    if (last !== undefined) this.#auto.done(last, checkpointer);
  }

  leaseLost(): Promise<void> {
    return this.#auto.flush();
  }

  async shardEnded(checkpointer: Checkpointer): Promise<void> {
    this.#auto.cancel();
    await unlessLost(checkpointer.checkpoint());
  }

  shutdownRequested(): Promise<void> {
    return this.#auto.flush();
  }
}
