import type { Clock, Random } from './clock.ts';
import { ConsumerError } from './errors.ts';
import { type ConsumerEvent, type Report, safely } from './event.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import { AutoCheckpoint } from './processing/auto-checkpoint.ts';
import { type Batch, BatchProcessor, BatchQueue } from './processing/batch-queue.ts';
import { guarded } from './processing/guarded-processor.ts';
import { HandlerProcessor, type RecordHandler } from './processing/handler-processor.ts';
import { PoisonGuard, type PoisonPolicy } from './processing/poison.ts';
import type { RecordProcessor } from './processing/record-processor.ts';
import type { Transport } from './reading/transport.ts';
import { type Settings, settingsFrom } from './settings.ts';
import type { InitialPosition } from './shards/shard.ts';
import { Worker } from './worker.ts';

export interface ConsumerOptions extends Partial<Settings> {
  /** This worker among those of its application; none other may have the same name. */
  readonly workerId: string;
  /** Where shards begin that the application never read. TRIM_HORIZON, the oldest record, unless given. */
  readonly initialPosition?: InitialPosition | undefined;
  readonly poison?: PoisonPolicy | undefined;
  /** Hears of every error and of what happens to leases. */
  readonly onEvent?: ((event: ConsumerEvent) => void) | undefined;
}

export interface ConsumerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly store: LeaseStore;
  /** Ends what the store keeps open. */
  readonly closeStore?: () => void;
}

const checkedPosition = (position: InitialPosition): InitialPosition => {
  const isDate = position instanceof Date && !Number.isNaN(position.getTime());
  if (isDate || position === 'TRIM_HORIZON' || position === 'LATEST') return position;
  throw new ConsumerError('InvalidSettings', 'initialPosition must be TRIM_HORIZON, LATEST or a valid Date');
};

/**
 * One worker of an application that reads a stream: it shares the shards with all others that use the same lease
 * table. `createConsumer` makes one. It runs once, in one of three forms.
 */
export class Consumer {
  readonly #parts: ConsumerParts;
  readonly #settings: Settings;
  readonly #report: Report;
  readonly #guard: PoisonGuard;
  readonly #workerId: string;
  readonly #initialPosition: InitialPosition;
  #worker: Worker | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ConsumerOptions, parts: ConsumerParts) {
    const {
      workerId,
      initialPosition = 'TRIM_HORIZON',
      poison: policy = 'stop',
      onEvent,
      ...given
    } = options;
    this.#parts = parts;
    this.#settings = settingsFrom(given);
    this.#initialPosition = checkedPosition(initialPosition);
    this.#report = safely(onEvent);
    this.#workerId = workerId;
    const { backoffMsMax } = this.#settings;
    this.#guard = new PoisonGuard({ ...parts, backoffMsMax, policy, report: this.#report });
  }

  /**
   * Hands every record to the handler, in the order of its shard, and writes down by itself how far it got: a record
   * comes again when a worker dies before that. Resolves after `stop`; rejects when the handler fails and the
   * poison policy says stop.
   */
  run(handler: RecordHandler): Promise<void> {
    return this.#run(() => new HandlerProcessor(handler, this.#guard, this.#autoCheckpoint()));
  }

  /** The long form: a processor for each shard, which checkpoints when it sees fit. */
  runProcessors(makeProcessor: (shardId: string) => RecordProcessor): Promise<void> {
    return this.#run((shardId) => guarded(makeProcessor(shardId), this.#guard));
  }

  /**
   * The batches of all shards, one at a time. Asking for the next one says that the last is done; leaving the loop
   * stops the consumer, and the batch in hand comes again.
   */
  async *batches(): AsyncGenerator<Batch, void, void> {
    const queue = new BatchQueue();
    const running = this.#run((shardId) => new BatchProcessor(shardId, queue, this.#autoCheckpoint()));
    const close = (): void => queue.close();
    running.then(close, close);
    try {
      for (let batch = await queue.next(); batch !== undefined; batch = await queue.next()) yield batch;
    } finally {
      queue.close();
      this.#worker?.stop();
      await running;
    }
  }

  /** Asks all processors to come to an end and gives up the leases, so that others go on at once. */
  async stop(): Promise<void> {
    this.#worker?.stop();
    // Who runs it is told how it ended.
    await this.#running?.catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #run(makeProcessor: (shardId: string) => RecordProcessor): Promise<void> {
    if (this.#worker !== undefined) {
      return Promise.reject(new ConsumerError('Running', 'a consumer runs once; make another one'));
    }
    this.#worker = new Worker({
      ...this.#parts,
      workerId: this.#workerId,
      initialPosition: this.#initialPosition,
      settings: this.#settings,
      makeProcessor,
      report: this.#report,
    });
    this.#running = this.#worker.run().finally(() => this.#close());
    return this.#running;
  }

  #close(): void {
    this.#parts.transport.close();
    this.#parts.closeStore?.();
  }

  #autoCheckpoint(): AutoCheckpoint {
    return new AutoCheckpoint(this.#parts.clock, this.#settings.checkpointMs, this.#report);
  }
}
