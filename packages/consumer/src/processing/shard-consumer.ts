import { Backoff, type Clock, pause, type Random } from '@millrace/client-common';
import { ConsumerError } from '../errors.ts';
import type { Activity, Report } from '../event.ts';
import { isShardEnd } from '../leases/checkpoint.ts';
import type { ChangeOf, HeldLease } from '../leases/held-lease.ts';
import { leaseKeyOf } from '../leases/lease.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { ShardMetrics, ShardTask } from '../metrics/shard-metrics.ts';
import { ShardReader, type ShardReaderParts } from '../reading/shard-reader.ts';
import type { Settings } from '../settings.ts';
import type { LeaseKeeper } from '../shards/lease-keeper.ts';
import type { Shard } from '../shards/shard.ts';
import { Abandoned } from './abandoned.ts';
import { LeaseCheckpointer } from './checkpointer.ts';
import { nextState, type Outcome, type State } from './life-cycle.ts';
import type { ProcessorFactory, RecordProcessor } from './record-processor.ts';

export interface ShardConsumerParts extends ShardReaderParts {
  readonly metrics: ShardMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly store: LeaseStore;
  readonly keeper: Pick<LeaseKeeper, 'addChildren'>;
  readonly makeProcessor: ProcessorFactory;
  /** The application's own error: the whole worker ends with it. */
  readonly processorFailed: (error: ConsumerError) => void;
  readonly report: Report;
}

const ACTIVITIES: { readonly [In in Exclude<State, 'done'>]: Activity } = {
  waiting: 'wait for parents',
  initializing: 'process records',
  processing: 'process records',
  ending: 'end a shard',
  stopping: 'process records',
  losing: 'process records',
  releasing: 'release a lease',
};

/** What the KCL calls what is done in a state. */
const TASKS: { readonly [In in State]?: ShardTask } = {
  waiting: 'BlockOnParentShardTask',
  initializing: 'InitializeTask',
  ending: 'ShutdownTask',
  stopping: 'ShutdownTask',
  losing: 'ShutdownTask',
};

/** One lease's work, from when it was taken to when it is given up or lost. */
export class ShardConsumer {
  readonly #parts: ShardConsumerParts;
  readonly #held: HeldLease;
  readonly #shardId: string;
  /** Comes with a stop, a hand-over, or the loss of the lease. */
  readonly #leaving: AbortSignal;
  readonly #checkpointer: LeaseCheckpointer;
  readonly #reader: ShardReader;
  readonly #reading = new AbortController();
  #processor: RecordProcessor | undefined;
  #childShards: readonly Shard[] = [];
  #state: State = 'waiting';

  readonly #work: { readonly [In in Exclude<State, 'done'>]: () => Promise<Outcome> } = {
    waiting: () => this.#waitForParents(),
    initializing: () => this.#initialize(),
    processing: () => this.#process(),
    ending: () => this.#end(),
    stopping: () => this.#tell((processor) => processor.shutdownRequested?.(this.#checkpointer)),
    losing: () => this.#tell((processor) => processor.leaseLost?.()),
    releasing: () => this.#release(),
  };

  constructor(parts: ShardConsumerParts, held: HeldLease, stop: AbortSignal) {
    this.#parts = parts;
    this.#held = held;
    this.#shardId = held.lease.shardId;
    this.#leaving = AbortSignal.any([stop, held.handOver, held.ended]);
    this.#checkpointer = new LeaseCheckpointer(held, (changeOf) => this.#write(changeOf));
    this.#reader = new ShardReader(parts, held.lease);
  }

  /** Resolves when nothing of it is left to happen. */
  async run(): Promise<void> {
    let reading: Promise<void> | undefined;
    while (this.#state !== 'done') {
      const outcome = await this.#measured(this.#state);
      this.#state = nextState(this.#state, outcome);
      if (this.#state === 'processing') reading ??= this.#reader.run(this.#reading.signal);
      else if (reading !== undefined) this.#reading.abort();
    }
    await reading;
  }

  async #measured(state: Exclude<State, 'done'>): Promise<Outcome> {
    const { clock, metrics } = this.#parts;
    const sinceMs = clock.monotonic();
    const outcome = await this.#attempt(state);
    const task = TASKS[state];
    if (task !== undefined) metrics.task(task, sinceMs, outcome !== 'failed');
    return outcome;
  }

  async #attempt(state: Exclude<State, 'done'>): Promise<Outcome> {
    try {
      return await this.#work[state]();
    } catch (error) {
      this.#parts.report({ kind: 'error', during: ACTIVITIES[state], error, shardId: this.#shardId });
      return 'failed';
    }
  }

  async #waitForParents(): Promise<Outcome> {
    const { clock, settings } = this.#parts;
    while (!this.#leaving.aborted) {
      if (await this.#areParentsDone()) return 'parentsDone';
      await pause(clock, settings.parentPollMs, this.#leaving);
    }
    return this.#leavingOutcome();
  }

  /** A parent without a lease was done long ago, or nothing of it is to be read. */
  async #areParentsDone(): Promise<boolean> {
    const { store, report } = this.#parts;
    const { parentShardIds, streamId } = this.#held.lease;
    try {
      const parents = await Promise.all(parentShardIds.map((id) => store.get(leaseKeyOf(streamId, id))));
      return parents.every((parent) => parent === undefined || isShardEnd(parent.checkpoint));
    } catch (error) {
      report({ kind: 'error', during: ACTIVITIES.waiting, error, shardId: this.#shardId });
      return false;
    }
  }

  async #initialize(): Promise<Outcome> {
    const { makeProcessor, stream, metrics } = this.#parts;
    const { shardId, checkpoint, pending } = this.#held.lease;
    const { streamName } = stream;
    try {
      this.#processor = metrics.measured(makeProcessor(shardId, stream));
      await this.#processor.initialize?.({ streamName, shardId, checkpoint, pending });
    } catch (error) {
      this.#failWith(error);
      return 'failed';
    }
    return 'initialized';
  }

  async #process(): Promise<Outcome> {
    const stopWaiting = (): void => this.#reading.abort();
    this.#leaving.addEventListener('abort', stopWaiting);
    if (this.#leaving.aborted) stopWaiting();
    const fetched = await this.#reader.next(this.#reading.signal);
    this.#leaving.removeEventListener('abort', stopWaiting);
    if (!this.#held.isCurrent) this.#held.lose();
    if (fetched === undefined || this.#leaving.aborted) return this.#leavingOutcome();

    const { records, end, millisBehindLatest, bytes, childShards } = fetched;
    this.#held.read(bytes);
    if (end !== undefined) this.#checkpointer.deliver(end);
    const batch = { records, millisBehindLatest, checkpointer: this.#checkpointer, signal: this.#leaving };
    try {
      await this.#parts.metrics.process(fetched, async () => {
        if (records.length > 0) await this.#processor?.processRecords(batch);
      });
    } catch (error) {
      // What a processor does when its shard is gone is no failure of its own.
      if (this.#held.isLost) return 'leaseLost';
      if (error instanceof Abandoned) return 'failed';
      this.#failWith(error);
      return 'failed';
    }
    // It may have left records when it was asked to.
    if (this.#leaving.aborted) return this.#leavingOutcome();
    if (childShards === undefined) return 'delivered';
    this.#childShards = childShards;
    return 'shardEnd';
  }

  /** The children's leases come before the parent's end: in between a crash leaves nothing out. */
  async #end(): Promise<Outcome> {
    const childShardIds = await this.#parts.keeper.addChildren(this.#shardId, this.#childShards);
    this.#checkpointer.deliverEnd(childShardIds);
    await this.#processor?.shardEnded(this.#checkpointer);
    if (!isShardEnd(this.#held.lease.checkpoint)) {
      throw new ConsumerError('NotCheckpointed', `${this.#shardId} ended and was not checkpointed`);
    }
    this.#parts.report({ kind: 'shardEnded', shardId: this.#shardId });
    return 'told';
  }

  async #tell(call: (processor: RecordProcessor) => Promise<void> | void): Promise<Outcome> {
    if (this.#processor !== undefined) await call(this.#processor);
    return 'told';
  }

  async #release(): Promise<Outcome> {
    if (!this.#held.ended.aborted) await this.#held.release();
    return 'told';
  }

  /** Until it is written or the lease is lost, which comes to pass when it cannot be renewed. */
  async #write(changeOf: ChangeOf): Promise<void> {
    const { clock, random, settings, report, metrics } = this.#parts;
    const backoff = new Backoff(random, settings.backoffMsMax);
    for (;;) {
      try {
        return await metrics.checkpoint(() => this.#held.change(changeOf));
      } catch (error) {
        if (error instanceof ConsumerError) throw error;
        report({ kind: 'error', during: 'checkpoint', error, shardId: this.#shardId });
      }
      await pause(clock, backoff.next(), this.#held.ended);
    }
  }

  #leavingOutcome(): Outcome {
    return this.#held.ended.aborted ? 'leaseLost' : 'stopRequested';
  }

  #failWith(cause: unknown): void {
    const { report, processorFailed } = this.#parts;
    const message = `the processor of ${this.#shardId} failed: ${cause instanceof Error ? cause.message : cause}`;
    const error = new ConsumerError('ProcessorFailed', message, { cause });
    report({ kind: 'error', during: 'process records', error, shardId: this.#shardId });
    processorFailed(error);
  }
}
