import type { Clock, Random } from './clock.ts';
import { ConsumerError, isRefusal } from './errors.ts';
import type { Report } from './event.ts';
import type { HeldLease } from './leases/held-lease.ts';
import { LeaseCoordinator } from './leases/lease-coordinator.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import { pause } from './pause.ts';
import type { RecordProcessor } from './processing/record-processor.ts';
import { ShardConsumer, type ShardConsumerParts } from './processing/shard-consumer.ts';
import { Backoff } from './reading/backoff.ts';
import type { Transport } from './reading/transport.ts';
import type { Settings } from './settings.ts';
import { LeaseKeeper } from './shards/lease-keeper.ts';
import type { InitialPosition } from './shards/shard.ts';
import { timedStore, timedTransport } from './timed-services.ts';

/** A start that fails is tried so often, as in the KCL. */
const STARTS_MAX = 20;

export interface WorkerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LeaseStore;
  readonly transport: Transport;
  readonly workerId: string;
  readonly initialPosition: InitialPosition;
  readonly settings: Settings;
  readonly makeProcessor: (shardId: string) => RecordProcessor;
  readonly report: Report;
}

/** One of the workers of an application: its leases, and the work on each of them. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #keeper: LeaseKeeper;
  readonly #coordinator: LeaseCoordinator;
  readonly #consumerParts: ShardConsumerParts;
  readonly #stop = new AbortController();
  /** Work that has not come to its end, by shard. */
  readonly #working = new Map<string, Promise<void>>();
  #failure: ConsumerError | undefined;

  constructor(parts: WorkerParts) {
    const { clock, settings } = parts;
    const store = timedStore(parts.store, clock, settings.requestTimeoutMs);
    const transport = timedTransport(parts.transport, clock, settings.requestTimeoutMs);
    this.#parts = { ...parts, store };
    const report: Report = (event) => {
      parts.report(event);
      if (event.kind === 'leaseCreated' || event.kind === 'shardEnded') this.#coordinator.takeSoon();
    };
    this.#keeper = new LeaseKeeper({ ...parts, store, transport, report });
    this.#coordinator = new LeaseCoordinator({
      ...parts,
      store,
      acquired: (held) => this.#begin(held),
      isBusy: (shardId) => this.#working.has(shardId),
    });
    const processorFailed = (error: ConsumerError): void => {
      this.#failure ??= error;
      this.stop();
    };
    const keeper = this.#keeper;
    this.#consumerParts = { ...parts, store, transport, keeper, processorFailed, report };
  }

  /** Until `stop`, when all leases are given up; rejects when the start or a processor fails. */
  async run(): Promise<void> {
    await this.#start();
    const renewal = new AbortController();
    const renewing = this.#coordinator.runRenewing(renewal.signal);
    const { signal } = this.#stop;
    await Promise.all([this.#coordinator.runTaking(signal), this.#keeper.run(signal)]);
    await Promise.all(this.#working.values());
    renewal.abort();
    await renewing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Every processor is asked to come to an end. */
  stop(): void {
    this.#stop.abort();
  }

  async #start(): Promise<void> {
    const { clock, random, store, settings, report } = this.#parts;
    const backoff = new Backoff(random, settings.backoffMsMax);
    for (let starts = 1; !this.#stop.signal.aborted; starts++) {
      try {
        await store.prepare(this.#stop.signal);
        return await this.#keeper.begin();
      } catch (error) {
        report({ kind: 'error', during: 'start', error });
        if (isRefusal(error) || starts === STARTS_MAX) {
          const message = error instanceof Error ? error.message : String(error);
          throw new ConsumerError('StartFailed', `cannot start: ${message}`, { cause: error });
        }
      }
      await pause(clock, backoff.next(), this.#stop.signal);
    }
  }

  #begin(held: HeldLease): void {
    const shardId = held.lease.leaseKey;
    const consumer = new ShardConsumer(this.#consumerParts, held, this.#stop.signal);
    const work = consumer.run().finally(() => this.#working.delete(shardId));
    this.#working.set(shardId, work);
  }
}
