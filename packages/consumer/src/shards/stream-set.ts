import { Backoff, type Clock, inParallel, pause, type Random } from '@millrace/client-common';
import { isNotFound } from '../errors.ts';
import { type Report, reportOf } from '../event.ts';
import type { Lease } from '../leases/lease.ts';
import type { StreamMode } from '../leases/lease-item.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { StreamConsumer, type StreamConsumerOptions } from '../reading/stream-consumer.ts';
import type { Settings } from '../settings.ts';
import { type TimedTransport, timedTransport } from '../timed-services.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { InitialPosition } from './shard.ts';
import type { StreamIdentity } from './stream-id.ts';
import type { FoundStream, StreamFailure, StreamSource } from './stream-source.ts';

/** A stream that this worker reads, with what belongs to it alone. */
export interface ReadStream {
  readonly identity: StreamIdentity;
  readonly initialPosition: InitialPosition;
  readonly transport: TimedTransport;
  readonly streamConsumer: StreamConsumer;
  readonly keeper: LeaseKeeper;
  readonly report: Report;
  /** Comes when it is not to be read any more. */
  readonly left: AbortController;
  /** It has leases. */
  hasBegun: boolean;
}

/** Streams whose first leases are made at a time. */
const BEGINNINGS_MAX = 4;

export interface StreamSetParts extends StreamConsumerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LeaseStore;
  readonly source: StreamSource;
  readonly initialPosition: InitialPosition;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly report: Report;
  /** The worker's own. */
  readonly stop: AbortSignal;
}

/** The streams that this worker reads now. What one of them fails in is told, tried again, and stops no other. */
export class StreamSet {
  readonly #parts: StreamSetParts;
  readonly #streams = new Map<string | undefined, ReadStream>();
  #isSure = false;

  constructor(parts: StreamSetParts) {
    this.#parts = parts;
  }

  get mode(): StreamMode {
    return this.#parts.source.mode;
  }

  get all(): readonly ReadStream[] {
    return [...this.#streams.values()];
  }

  /** Nothing kept the last look from telling what is to be read: what is not among it is not to be read. */
  get isSure(): boolean {
    return this.#isSure;
  }

  get(streamId: string | undefined): ReadStream | undefined {
    return this.#streams.get(streamId);
  }

  reads({ streamId }: Lease): boolean {
    return this.#streams.has(streamId);
  }

  /** Rejects when not one stream can be read; others are tried again later. */
  async begin(): Promise<void> {
    const failures = await this.#refresh();
    const [first] = failures;
    if (first !== undefined && !this.all.some(({ hasBegun }) => hasBegun)) throw first.error;
    this.#tell(failures);
  }

  /** Looks for changes until the signal comes. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, settings, report } = this.#parts;
    if (this.mode === 'single') return;
    const { streamsMs, backoffMsMax } = settings;
    const backoff = new Backoff(random, Math.min(backoffMsMax, streamsMs));
    while (!signal.aborted) {
      const isWell = this.#isSure && this.all.every(({ hasBegun }) => hasBegun);
      if (isWell) backoff.reset();
      await pause(clock, isWell ? streamsMs : backoff.next(), signal);
      if (signal.aborted) return;
      try {
        this.#tell(await this.#refresh());
      } catch (error) {
        this.#isSure = false;
        report({ kind: 'error', during: 'look up streams', error });
      }
    }
  }

  async #refresh(): Promise<readonly StreamFailure[]> {
    const { streams, failures } = await this.#parts.source.find();
    this.#isSure = failures.every(({ error }) => isNotFound(error));
    const found = new Set(streams.map(({ identity }) => identity.streamId));
    for (const stream of this.all) if (!found.has(stream.identity.streamId)) this.#leave(stream);
    for (const stream of streams) if (!this.#streams.has(stream.identity.streamId)) this.#join(stream);
    return [...failures, ...(await this.#beginNew())];
  }

  #join({ identity, transport: own, initialPosition = this.#parts.initialPosition }: FoundStream): void {
    const { clock, settings, store, metrics, stop, consumerName, consumerArn } = this.#parts;
    const report = reportOf(this.#parts.report, identity.streamName);
    const transport = timedTransport(own, clock, settings.requestTimeoutMs);
    const { streamId } = identity;
    const keeper = new LeaseKeeper({
      store,
      transport,
      streamId,
      initialPosition,
      settings,
      metrics,
      report,
    });
    const left = new AbortController();
    const streamConsumer = new StreamConsumer({
      clock,
      transport,
      report,
      consumerName,
      consumerArn,
      stop: AbortSignal.any([stop, left.signal]),
    });
    this.#streams.set(streamId, {
      identity,
      initialPosition,
      transport,
      streamConsumer,
      keeper,
      report,
      left,
      hasBegun: false,
    });
    if (this.mode === 'multi') report({ kind: 'streamJoined', streamId: streamId ?? '' });
  }

  #leave({ identity: { streamId }, report, left }: ReadStream): void {
    this.#streams.delete(streamId);
    left.abort();
    report({ kind: 'streamLeft', streamId: streamId ?? '' });
  }

  /** The first leases of streams that have none. */
  async #beginNew(): Promise<readonly StreamFailure[]> {
    const waiting = this.all.filter(({ hasBegun }) => !hasBegun);
    if (waiting.length === 0) return [];
    const leases = await this.#parts.store.list();
    const failures: StreamFailure[] = [];
    await inParallel(waiting, BEGINNINGS_MAX, async (stream) => {
      const { streamId, streamName } = stream.identity;
      try {
        if (this.#parts.settings.retrieval === 'fanOut') await stream.streamConsumer.arn();
        if (!leases.some((lease) => lease.streamId === streamId)) await stream.keeper.fill();
        stream.hasBegun = true;
      } catch (error) {
        failures.push({ streamName, error });
      }
    });
    return failures;
  }

  #tell(failures: readonly StreamFailure[]): void {
    for (const { streamName, error } of failures) {
      this.#parts.report({ kind: 'error', during: 'look up streams', error, streamName });
    }
  }
}
