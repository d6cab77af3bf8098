import type { Clock } from '@millrace/client-common';
import { Aggregator } from './aggregator.ts';
import { Collector } from './collector.ts';
import { Limiter } from './limiter.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { PendingRecord } from './pending-record.ts';
import { Retrier } from './retrier.ts';
import { Sender } from './sender.ts';
import type { Settings } from './settings.ts';
import { ShardMap } from './shard-map.ts';
import type { Transport } from './transport.ts';

export interface PipelineParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly transport: Transport;
  readonly metrics: Metrics;
}

/** The stages that a record passes, each handing on to the next: aggregate, limit, collect, send, judge. */
export class Pipeline {
  readonly #shardMap: ShardMap;
  readonly #aggregator: Aggregator;
  readonly #limiter: Limiter;
  readonly #collector: Collector;
  readonly #sender: Sender;
  readonly #retrier: Retrier;

  constructor({ clock, settings, transport, metrics }: PipelineParts) {
    const again = (user: PendingRecord): void => this.put(user);
    this.#shardMap = new ShardMap({
      clock,
      transport,
      timeoutMs: settings.requestTimeoutMs,
      listed: () => this.#shardsListed(),
      notListed: () => this.#aggregator.placeAgain(),
    });
    const shardMap = this.#shardMap;
    this.#retrier = new Retrier({ clock, settings, shardMap, metrics, again });
    const retrier = this.#retrier;
    this.#sender = new Sender({
      clock,
      settings,
      transport,
      answered: (outgoing, answer, sent) => retrier.answered(outgoing, answer, sent),
      failed: (outgoing, code, message, sent) => retrier.failed(outgoing, code, message, sent),
      expired: (outgoing) => retrier.expired(outgoing),
      requestDone: (request, { startedMs, endedMs }) => metrics.requestDone(request, endedMs - startedMs),
      connectionFree: () => this.#collector.connectionFree(),
    });
    this.#collector = new Collector({
      clock,
      settings,
      next: (request) => this.#sender.put(request),
      canSend: () => this.#sender.canSend(),
    });
    this.#limiter = new Limiter({
      clock,
      settings,
      next: (outgoing) => this.#collector.put(outgoing),
      expired: (outgoing) => retrier.expired(outgoing),
    });
    this.#aggregator = new Aggregator({
      clock,
      settings,
      shardMap,
      next: (outgoing) => this.#limiter.put(outgoing),
    });
  }

  /** Asks for the shards; records that come before they are known wait for them within their deadline. */
  start(): void {
    this.#shardMap.start();
  }

  put(user: PendingRecord): void {
    this.#aggregator.put(user);
  }

  /** Hands on what is being gathered. */
  flush(): void {
    this.#aggregator.flush();
    this.#collector.flush();
  }

  close(): void {
    this.#shardMap.close();
  }

  #shardsListed(): void {
    const isOpen = (shardId: string): boolean => this.#shardMap.isOpen(shardId);
    this.#aggregator.retain(isOpen);
    this.#limiter.retain(isOpen);
    this.#aggregator.placeAgain();
    this.#retrier.shardsListed();
  }
}
