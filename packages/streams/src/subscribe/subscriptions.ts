import type { ServiceError } from '@millrace/aws-protocol';
import type { Catalog, Consumer } from '@millrace/catalog';
import { type Clock, type Position, shardIdOf } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { StreamMetrics } from '../metrics/stream-metrics.ts';
import { consumerNotFound, otherSubscription, subscriberNotActive } from '../model/consumer-errors.ts';
import { shardDoesNotExist, streamNotFound } from '../model/errors.ts';
import { visibleShard } from '../model/shard-log.ts';
import { BatchReader } from './batch.ts';
import { TAKEOVER_AFTER_MS } from './limits.ts';
import { type Place, Subscription } from './subscription.ts';

export interface SubscriptionsOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly metrics: StreamMetrics;
}

const keyOf = ({ consumerArn, shardIndex }: Place): string => `${consumerArn}/${shardIndex}`;

const otherAt = ({ stream, shardIndex, consumerArn }: Place): ServiceError =>
  otherSubscription(shardIdOf(shardIndex), consumerArn, stream);

/**
 * The subscriptions of this process: at most one per consumer and shard, so their number is bounded by that of
 * both.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #reader: BatchReader;
  /** One that has ended stays until its consumer may subscribe to the shard again. */
  readonly #byPlace = new Map<string, Subscription>();
  readonly #stopListening: () => void;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#reader = new BatchReader(options);
    this.#stopListening = options.catalog.onApplied(({ command }) => {
      if ('id' in command) this.#look(command.id);
    });
  }

  /** Throws AWS's error unless the consumer may subscribe to the shard now. */
  check(place: Place): void {
    const { status = 'ACTIVE' } = this.#consumerOf(place) ?? {};
    if (status !== 'ACTIVE') throw subscriberNotActive(place.consumerArn, place.stream);
    const missing = this.#missing(place);
    if (missing !== undefined) throw missing;
    const last = this.#byPlace.get(keyOf(place));
    if (last === undefined) return;
    if (this.#options.clock.monotonic() - last.openedAtMs < TAKEOVER_AFTER_MS) throw otherAt(place);
  }

  /** Takes over from an older subscription, and ends when the signal aborts. */
  open(place: Place, position: Position, signal: AbortSignal): Subscription {
    this.check(place);
    const key = keyOf(place);
    this.#byPlace.get(key)?.end(otherAt(place));
    const subscription: Subscription = new Subscription(place, position, {
      ...this.#options,
      reader: this.#reader,
      onEnd: () => this.#release(key, subscription),
    });
    this.#byPlace.set(key, subscription);
    if (signal.aborted) subscription.end();
    else signal.addEventListener('abort', () => subscription.end(), { once: true });
    return subscription;
  }

  /** Ends all subscriptions; to their clients the stream of events just ends. */
  close(): void {
    this.#stopListening();
    for (const subscription of this.#byPlace.values()) subscription.end();
  }

  /** What a changed stream means for its subscriptions. */
  #look(id: string): void {
    for (const subscription of this.#byPlace.values()) {
      if (subscription.place.stream.id !== id) continue;
      const missing = this.#missing(subscription.place);
      if (missing === undefined) subscription.wake();
      else subscription.end(missing);
    }
  }

  #consumerOf({ stream, consumerArn }: Place): Consumer | undefined {
    const { streams } = this.#options.catalog.state;
    return streams.get(stream.id)?.consumers.find(({ arn }) => arn === consumerArn);
  }

  /** What is no longer there, or about to go. */
  #missing(place: Place): ServiceError | undefined {
    const stream = this.#options.catalog.state.streams.get(place.stream.id);
    if (stream === undefined || stream.status === 'DELETING') return streamNotFound(place.stream);
    const consumer = this.#consumerOf(place);
    if (consumer === undefined || consumer.status === 'DELETING') {
      return consumerNotFound(place.consumerArn, stream);
    }
    if (visibleShard(stream, place.shardIndex) !== undefined) return undefined;
    return shardDoesNotExist(shardIdOf(place.shardIndex), stream);
  }

  #release(key: string, ended: Subscription): void {
    const remove = (): void => {
      if (this.#byPlace.get(key) === ended) this.#byPlace.delete(key);
    };
    const { clock } = this.#options;
    const leftMs = ended.openedAtMs + TAKEOVER_AFTER_MS - clock.monotonic();
    if (leftMs <= 0) remove();
    else clock.after(leftMs, remove);
  }
}
