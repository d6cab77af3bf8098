import {
  type Catalog,
  findShard,
  isExpired,
  type Shard,
  type Stream,
  type StreamId,
  trimHorizonMs,
} from '@millrace/catalog';
import type { Clock, Timer } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { StreamsEvent } from './event.ts';
import { isGone } from './model/append-error.ts';
import { shardLogOf } from './model/shard-log.ts';

const SWEEP_EVERY_MS = 10_000;
/** At 20,000 shards a round takes under ten minutes. */
const SHARDS_PER_SWEEP = 400;
/** Expired shards of a stream that are forgotten at a time. */
const FORGOTTEN_MAX = 100;

export interface SweeperOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly onEvent: (event: StreamsEvent) => void;
}

/** A piece of work: it looks at the stream as it is when its turn comes. */
type Task = () => Promise<void>;

/**
 * Frees the space of records past their retention, some shards at a time, and forgets closed shards that have
 * nothing else left. Readers do not depend on it.
 */
export class RetentionSweeper {
  readonly #options: SweeperOptions;
  #round: Iterator<Task, undefined>;
  #timer: Timer | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #unsubscribe = (): void => {};
  #isClosed = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#round = this.#allStreams();
  }

  start(): void {
    this.#unsubscribe = this.#options.catalog.onApplied(({ command }) => {
      if (command.type === 'streams.set-retention.v1') this.#run(() => this.#sweepStream(command.id));
    });
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#timer?.cancel();
    await this.#sweeping;
  }

  /** Goes on where the sweep before ended; ends at the end of a round. Never rejects. */
  async sweep(): Promise<void> {
    for (let count = 0; count < SHARDS_PER_SWEEP && !this.#isClosed; count++) {
      const next = this.#round.next();
      if (next.done === true) {
        this.#round = this.#allStreams();
        return;
      }
      await next.value();
    }
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(SWEEP_EVERY_MS, () => {
      this.#run(() => this.sweep().finally(() => this.#schedule()));
    });
  }

  /** One after the other, so that closing waits for all. */
  #run(task: Task): void {
    this.#sweeping = this.#sweeping.then(task);
  }

  async #sweepStream(id: StreamId): Promise<void> {
    for (const task of this.#tasksOf(id)) {
      if (this.#isClosed) return;
      await task();
    }
  }

  *#allStreams(): Generator<Task, undefined> {
    for (const { id } of this.#options.catalog.state.streams.all()) yield* this.#tasksOf(id);
    return undefined;
  }

  *#tasksOf(id: StreamId): Generator<Task> {
    const stream = this.#present(id);
    if (stream === undefined) return;
    const horizonMs = this.#horizonMs(stream);
    const expired = stream.shards.filter((shard) => isExpired(shard, horizonMs));
    for (let at = 0; at < expired.length; at += FORGOTTEN_MAX) {
      yield () => this.#tolerant(id, () => this.#forget(stream, expired.slice(at, at + FORGOTTEN_MAX)));
    }
    for (const shard of stream.shards) yield () => this.#tolerant(id, () => this.#trim(id, shard));
  }

  async #tolerant(streamId: StreamId, task: Task): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!isGone(error)) this.#options.onEvent({ type: 'sweep-failed', streamId, error });
    }
  }

  async #trim(id: StreamId, { index }: Shard): Promise<void> {
    const { engine } = this.#options;
    const stream = this.#present(id);
    const shard = stream && findShard(stream, index);
    if (stream === undefined || shard === undefined) return;
    const log = shardLogOf(id, shard);
    const oldest = await engine.findByTime(log, this.#horizonMs(stream));
    const { start } = await engine.bounds(log);
    if (oldest > start) await engine.trim(log, oldest);
  }

  /** The command first: a log whose shard is forgotten is removed here or, after a crash, at the next start. */
  async #forget({ id }: Stream, shards: readonly Shard[]): Promise<void> {
    const { catalog, engine } = this.#options;
    await catalog.submit({ type: 'streams.forget-shards.v1', id, shards: shards.map(({ index }) => index) });
    const stream = this.#present(id);
    const forgotten = shards.filter(({ index }) => stream !== undefined && !findShard(stream, index));
    await Promise.all(forgotten.map((shard) => engine.delete(shardLogOf(id, shard))));
  }

  #present(id: StreamId): Stream | undefined {
    const stream = this.#options.catalog.state.streams.get(id);
    return stream?.status === 'ACTIVE' || stream?.status === 'UPDATING' ? stream : undefined;
  }

  #horizonMs(stream: Stream): number {
    return trimHorizonMs(stream, this.#options.clock.now());
  }
}
