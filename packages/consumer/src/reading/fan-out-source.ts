import { pause } from '@millrace/client-common';
import { isNotFound } from '../errors.ts';
import type { Reading, RecordSource, RecordSourceParts } from './record-source.ts';
import { Subscription } from './subscription.ts';
import type { IteratorStart, RecordsEvent } from './transport.ts';

/** SubscribeToShard may be called once a second for each consumer and shard (API model). */
const SUBSCRIBE_EVERY_MS = 1_000;

/**
 * Lets the service push: SubscribeToShard. A subscription is opened when there is none, and gives way to the next one
 * when it ends, which the service does after five minutes, or fails. One that another worker still has on the shard
 * makes a new one fail for five seconds; later the new one takes over.
 */
export class FanOutSource implements RecordSource {
  readonly #parts: RecordSourceParts;
  #start: IteratorStart;
  #subscription: Subscription | undefined;
  #subscribedMs = -SUBSCRIBE_EVERY_MS;

  constructor(parts: RecordSourceParts) {
    this.#parts = parts;
    this.#start = parts.start;
  }

  async read(signal: AbortSignal): Promise<Reading | undefined> {
    try {
      this.#subscription ??= await this.#subscribe(signal);
      const event = await this.#subscription?.next();
      if (event === undefined || event.continuation === undefined) this.#close();
      return event && this.#reading(event);
    } catch (error) {
      this.#close();
      // It may be the consumer that somebody has removed.
      if (isNotFound(error)) this.#parts.streamConsumer.forget();
      throw error;
    }
  }

  async #subscribe(signal: AbortSignal): Promise<Subscription | undefined> {
    const { clock, transport, streamConsumer, settings, shardId } = this.#parts;
    const consumerArn = await streamConsumer.arn();
    const waitMs = this.#subscribedMs + SUBSCRIBE_EVERY_MS - clock.monotonic();
    if (waitMs > 0) await pause(clock, waitMs, signal);
    if (signal.aborted) return undefined;
    this.#subscribedMs = clock.monotonic();
    const request = { consumerArn, shardId, start: this.#start };
    return new Subscription(clock, transport, request, settings.eventTimeoutMs, signal);
  }

  #reading({ records, continuation, millisBehindLatest, childShards }: RecordsEvent): Reading {
    const isEnd = continuation === undefined;
    if (!isEnd) this.#start = { kind: 'after', sequenceNumber: continuation };
    else if (childShards.length === 0) throw new Error('an event with neither a continuation nor children');
    return { records, millisBehindLatest, childShards: isEnd ? childShards : undefined, pauseMs: 0 };
  }

  #close(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
  }
}
