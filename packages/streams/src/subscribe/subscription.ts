import type { SubscribeToShardEvent, SubscribeToShardEventStream } from '@millrace/aws-model/kinesis';
import type { ServiceError } from '@millrace/aws-protocol';
import { type Catalog, findShard, type Shard, type Stream } from '@millrace/catalog';
import type { Clock, Position, Timer } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { measureEvent } from '../metrics/measure-events.ts';
import type { StreamMetrics } from '../metrics/stream-metrics.ts';
import { continuationNumberOf } from '../model/sequence-numbers.ts';
import { childrenAtEnd } from '../model/shard-end.ts';
import { shardLogOf } from '../model/shard-log.ts';
import type { Batch, BatchReader } from './batch.ts';
import { IDLE_EVENT_MS, OVERLOAD_PAUSE_MS, SUBSCRIPTION_MS } from './limits.ts';
import { isReadOverload } from './read-overload.ts';

/** What is read, and by whom. */
export interface Place {
  /** As it was when the call came. */
  readonly stream: Stream;
  readonly shardIndex: number;
  readonly consumerArn: string;
  readonly consumerName: string;
}

export interface SubscriptionOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly reader: BatchReader;
  readonly metrics: StreamMetrics;
  /** Called once, when the subscription has ended for whatever reason. */
  readonly onEnd: () => void;
}

/**
 * One consumer's reading of one shard:
 *
 *     open ──▶ reads ⇄ waits at the end (woken by records, by a change of the stream, or after five seconds)
 *       ╲________│ five minutes, end of the shard, client gone ──▶ ended
 *                │ taken over, deregistered, stream deleted    ──▶ ended with an error
 *
 * Pulled: nothing is read before the event before has been taken, so a slow client costs one event.
 */
export class Subscription {
  readonly place: Place;
  readonly openedAtMs: number;
  readonly #options: SubscriptionOptions;
  readonly #lifetime: Timer;
  #position: Position;
  #continuedAtMs = 0;
  #changes = 0;
  #end: { readonly error: ServiceError | undefined } | undefined;
  #wakeUp = (): void => {};

  constructor(place: Place, position: Position, options: SubscriptionOptions) {
    this.place = place;
    this.#position = position;
    this.#options = options;
    this.openedAtMs = options.clock.monotonic();
    this.#lifetime = options.clock.after(SUBSCRIPTION_MS, () => this.end());
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** The first end counts. With an error the client hears of it, behind the event that is on its way. */
  end(error?: ServiceError): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#lifetime.cancel();
    this.wake();
    this.#options.onEnd();
  }

  /** Something about the stream has changed: looks again. */
  wake(): void {
    this.#changes += 1;
    this.#wakeUp();
  }

  async *events(): AsyncGenerator<SubscribeToShardEventStream, void, undefined> {
    try {
      for (;;) {
        const event = await this.#next();
        if (event === undefined) return;
        yield { SubscribeToShardEvent: event };
        if (event.ContinuationSequenceNumber === undefined) return;
      }
    } finally {
      this.end();
    }
  }

  /** Undefined at the end. */
  async #next(): Promise<SubscribeToShardEvent | undefined> {
    const { clock, reader, metrics } = this.#options;
    const dueMs = clock.monotonic() + IDLE_EVENT_MS;
    while (this.#end === undefined) {
      try {
        const changes = this.#changes;
        const { stream, shard } = this.#current();
        const batch = await reader.read(stream, shard, this.#position);
        const ChildShards = childrenAtEnd(stream, shard, batch.next, batch.end);
        const isDue = batch.records.length > 0 || ChildShards !== undefined || clock.monotonic() >= dueMs;
        if (isDue && this.#end === undefined) {
          const event = this.#event(shard, batch, ChildShards);
          measureEvent(event, stream, this.place.consumerName, metrics);
          return event;
        }
        if (changes === this.#changes) await this.#pause(shard, dueMs - clock.monotonic());
      } catch (error) {
        // The log of a stream that is deleted goes while it is read: what the stream's change said counts.
        if (this.#end !== undefined) break;
        if (!isReadOverload(error)) throw error;
        await this.#rest();
      }
    }
    if (this.#end?.error !== undefined) throw this.#end.error;
    return undefined;
  }

  /** As the catalog has it now: whoever removes one of them ends its subscriptions first. */
  #current(): { readonly stream: Stream; readonly shard: Shard } {
    const { stream: known, shardIndex } = this.place;
    const stream = this.#options.catalog.state.streams.get(known.id);
    const shard = stream && findShard(stream, shardIndex);
    if (stream === undefined || shard === undefined) {
      throw new Error(`shard ${shardIndex} of stream ${known.id} went under its subscription`);
    }
    return { stream, shard };
  }

  #event(
    shard: Shard,
    batch: Batch,
    ChildShards: SubscribeToShardEvent['ChildShards'],
  ): SubscribeToShardEvent {
    this.#position = batch.next;
    const { records: Records, millisBehindLatest: MillisBehindLatest } = batch;
    if (ChildShards !== undefined) return { Records, MillisBehindLatest, ChildShards };
    // The wall clock may be set back; the number must not fall.
    this.#continuedAtMs = Math.max(this.#continuedAtMs, this.#options.clock.now());
    const ContinuationSequenceNumber = continuationNumberOf(shard, batch.next, this.#continuedAtMs);
    return { Records, MillisBehindLatest, ContinuationSequenceNumber };
  }

  /** Until it is worth trying again, or something has changed. */
  async #rest(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(OVERLOAD_PAUSE_MS, resolve);
    this.#wakeUp = resolve;
    await promise;
    timer.cancel();
    this.#wakeUp = () => {};
  }

  /** Until there is more to read, something has changed, or the time is up. */
  async #pause(shard: Shard, pauseMs: number): Promise<void> {
    if (pauseMs <= 0) return;
    const { engine, clock } = this.#options;
    const pausing = new AbortController();
    const timer = clock.after(pauseMs, () => pausing.abort());
    this.#wakeUp = () => pausing.abort();
    try {
      await engine.waitForMore(shardLogOf(this.place.stream.id, shard), this.#position, pausing.signal);
    } finally {
      timer.cancel();
      this.#wakeUp = () => {};
    }
  }
}
