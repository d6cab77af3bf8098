import { Backoff, type Clock, pause, type Random } from '@millrace/client-common';
import { ConsumerError, isRefusal } from './errors.ts';
import { type Report, reportOf } from './event.ts';
import { type Balancer, balancerOf } from './leases/balancer.ts';
import type { HeldLease } from './leases/held-lease.ts';
import type { Lease } from './leases/lease.ts';
import { LeaseCoordinator } from './leases/lease-coordinator.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { CpuMeter } from './leases/worker-reporter.ts';
import type { Metrics } from './metrics/metrics.ts';
import { ShardMetrics, type ShardProgress } from './metrics/shard-metrics.ts';
import type { ProcessorFactory } from './processing/record-processor.ts';
import { ShardConsumer, type ShardConsumerParts } from './processing/shard-consumer.ts';
import type { StreamConsumerOptions } from './reading/stream-consumer.ts';
import type { Settings } from './settings.ts';
import type { InitialPosition } from './shards/shard.ts';
import { streamNameIn } from './shards/stream-id.ts';
import { type ReadStream, StreamSet } from './shards/stream-set.ts';
import type { StreamSource } from './shards/stream-source.ts';
import { TableKeeper } from './shards/table-keeper.ts';
import { timedStore } from './timed-services.ts';

/** A start that fails is tried so often, as in the KCL. */
const STARTS_MAX = 20;

/** After these there may be something to take. */
const NEW_WORK: ReadonlySet<string> = new Set(['leaseCreated', 'shardEnded', 'streamJoined']);

export interface WorkerParts extends StreamConsumerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LeaseStore;
  readonly source: StreamSource;
  readonly workerId: string;
  readonly initialPosition: InitialPosition;
  readonly settings: Settings;
  /** Undefined where it cannot be told how busy the processor is. */
  readonly cpuMeter?: CpuMeter | undefined;
  readonly metrics: Metrics;
  readonly makeProcessor: ProcessorFactory;
  readonly report: Report;
}

/** One of the workers of an application: its leases, and the work on each of them. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #streams: StreamSet;
  readonly #keeper: TableKeeper;
  readonly #balancer: Balancer;
  readonly #coordinator: LeaseCoordinator;
  readonly #consumerParts: Omit<ShardConsumerParts, keyof ReadStream | 'stream' | 'metrics'>;
  readonly #stop = new AbortController();
  /** Work that has not come to its end, by lease. */
  readonly #working = new Map<string, Promise<void>>();
  readonly #measured = new Map<string, ShardMetrics>();
  #failure: ConsumerError | undefined;

  constructor(parts: WorkerParts) {
    const { clock, settings } = parts;
    const store = timedStore(parts.store, clock, settings.requestTimeoutMs);
    this.#parts = { ...parts, store };
    const report: Report = (event) => {
      parts.report(event);
      if (NEW_WORK.has(event.kind)) this.#balancer.newWork();
    };
    const streams = new StreamSet({ ...parts, store, report, stop: this.#stop.signal });
    this.#streams = streams;
    const ofLease = (lease: Lease): Report => this.#reportOf(lease);
    this.#balancer = balancerOf({
      ...parts,
      store,
      reportOf: ofLease,
      // Leases of streams that others read, or nobody any more, are none of this worker's.
      reads: (lease) => streams.reads(lease),
      takeSoon: () => this.#coordinator.takeSoon(),
    });
    const { leader, taker, takeMs } = this.#balancer;
    const isLeader = (leases: readonly Lease[]): boolean => leader.isLeader(leases);
    this.#keeper = new TableKeeper({ ...parts, store, streams, report, isLeader });
    this.#coordinator = new LeaseCoordinator({
      ...parts,
      store,
      taker,
      takeMs,
      acquired: (held) => this.#begin(held),
      isBusy: (leaseKey) => this.#working.has(leaseKey),
      reportOf: ofLease,
    });
    const processorFailed = (error: ConsumerError): void => {
      this.#failure ??= error;
      this.stop();
    };
    this.#consumerParts = { ...parts, store, processorFailed };
  }

  /** Until `stop`, when all leases are given up; rejects when the start or a processor fails. */
  async run(): Promise<void> {
    await this.#start();
    const renewal = new AbortController();
    const renewing = this.#coordinator.runRenewing(renewal.signal);
    const { signal } = this.#stop;
    await Promise.all([
      this.#balancer.run(signal),
      this.#coordinator.runTaking(signal),
      this.#keeper.run(signal),
      this.#streams.run(signal),
    ]);
    await Promise.all(this.#working.values());
    renewal.abort();
    await renewing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Every processor is asked to come to an end. */
  stop(): void {
    this.#stop.abort();
  }

  /** Of the shards whose leases it has. */
  get progress(): readonly ShardProgress[] {
    return [...this.#measured.values()].map(({ progress }) => progress);
  }

  async #start(): Promise<void> {
    const { clock, random, store, settings, report } = this.#parts;
    const backoff = new Backoff(random, settings.backoffMsMax);
    for (let starts = 1; !this.#stop.signal.aborted; starts++) {
      try {
        await store.prepare(this.#stop.signal);
        await this.#streams.begin();
        return await this.#balancer.begin();
      } catch (error) {
        report({ kind: 'error', during: 'start', error });
        if (error instanceof ConsumerError || isRefusal(error) || starts === STARTS_MAX) {
          const message = error instanceof Error ? error.message : String(error);
          throw new ConsumerError('StartFailed', `cannot start: ${message}`, { cause: error });
        }
      }
      await pause(clock, backoff.next(), this.#stop.signal);
    }
  }

  #begin(held: HeldLease): void {
    const { leaseKey, streamId } = held.lease;
    const stream = this.#streams.get(streamId);
    const work = stream === undefined ? this.#giveUp(held) : this.#consume(stream, held);
    this.#working.set(
      leaseKey,
      work.finally(() => this.#working.delete(leaseKey)),
    );
  }

  async #consume(stream: ReadStream, held: HeldLease): Promise<void> {
    const { clock, metrics: all } = this.#parts;
    const { left, identity, ...ofStream } = stream;
    const { leaseKey, shardId } = held.lease;
    const metrics = new ShardMetrics(clock, all, { stream: identity, shardId });
    this.#measured.set(leaseKey, metrics);
    const transport = metrics.measuredReads(stream.transport);
    const parts = { ...this.#consumerParts, ...ofStream, transport, metrics, stream: identity };
    const end = AbortSignal.any([this.#stop.signal, left.signal]);
    try {
      await new ShardConsumer(parts, held, end).run();
    } finally {
      this.#measured.delete(leaseKey);
      metrics.close();
    }
  }

  /** Its stream left while the lease was taken. */
  async #giveUp(held: HeldLease): Promise<void> {
    const { shardId } = held.lease;
    try {
      await held.release();
    } catch (error) {
      this.#reportOf(held.lease)({ kind: 'error', during: 'release a lease', error, shardId });
    }
  }

  #reportOf({ streamId }: Lease): Report {
    const { report } = this.#parts;
    if (streamId !== undefined) return reportOf(report, streamNameIn(streamId));
    return this.#streams.get(undefined)?.report ?? report;
  }
}
