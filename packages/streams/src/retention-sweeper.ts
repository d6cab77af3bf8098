import type { Catalog, Shard, Stream } from '@millrace/catalog';
import type { Clock, Timer } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { StreamsEvent } from './event.ts';
import { isGone } from './model/append-error.ts';
import { trimHorizonMs } from './model/retention.ts';
import { shardLogOf } from './model/shard-log.ts';

const SWEEP_EVERY_MS = 10_000;
/** At 20,000 shards a round takes under ten minutes. */
const SHARDS_PER_SWEEP = 400;

export interface SweeperOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly onEvent: (event: StreamsEvent) => void;
}

/** Frees the space of records past their retention, some shards at a time. Readers do not depend on it. */
export class RetentionSweeper {
  readonly #options: SweeperOptions;
  #round: Iterator<readonly [Stream, Shard], undefined>;
  #timer: Timer | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#round = this.#allShards();
  }

  start(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(SWEEP_EVERY_MS, () => {
      this.#sweeping = this.sweep().finally(() => this.start());
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#sweeping;
  }

  /** Goes on where the sweep before ended; ends at the end of a round. Never rejects. */
  async sweep(): Promise<void> {
    for (let count = 0; count < SHARDS_PER_SWEEP && !this.#isClosed; count++) {
      const next = this.#round.next();
      if (next.done === true) {
        this.#round = this.#allShards();
        return;
      }
      await this.#trim(...next.value);
    }
  }

  async #trim(stream: Stream, shard: Shard): Promise<void> {
    const { engine, clock, onEvent } = this.#options;
    const log = shardLogOf(stream.id, shard);
    try {
      const oldest = await engine.findByTime(log, trimHorizonMs(stream, clock.now()));
      const { start } = await engine.bounds(log);
      if (oldest > start) await engine.trim(log, oldest);
    } catch (error) {
      if (!isGone(error)) onEvent({ type: 'sweep-failed', streamId: stream.id, error });
    }
  }

  *#allShards(): Generator<readonly [Stream, Shard], undefined> {
    for (const stream of this.#options.catalog.state.streams.all()) {
      if (stream.status !== 'ACTIVE' && stream.status !== 'UPDATING') continue;
      for (const shard of stream.shards) yield [stream, shard];
    }
    return undefined;
  }
}
