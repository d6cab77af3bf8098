import {
  type Catalog,
  CatalogError,
  openShardsOf,
  type Stream,
  shardsForMibps,
  writePeakOf,
} from '@millrace/catalog';
import type { Clock, Timer } from '@millrace/core';
import type { StreamsEvent } from '../event.ts';
import type { Limits } from '../limits/limits.ts';
import { wantedShards } from './wanted-shards.ts';
import type { WriteDemand } from './write-demand.ts';

/** A moment, as on-demand scaling sees it: the demand is the average of so long. */
const LOOK_EVERY_MS = 10_000;
/** A new peak is put on record when it is so much above the day's last one: a few dozen commands a day at worst. */
const PEAK_STEP = 1.1;
/** Below this, in shards, the least number of shards is enough for ever. */
const DEMAND_MIN = 0.5;

export interface ScalerOptions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly demand: WriteDemand;
  readonly limits: Limits;
  readonly shardsMax: number;
  readonly onEvent: (event: StreamsEvent) => void;
}

/**
 * Gives on-demand streams the shards that their writers need. Peaks are in the catalog, so that a restart knows
 * them; the life cycle does the splitting and merging.
 */
export class OnDemandScaler {
  readonly #options: ScalerOptions;
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: ScalerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(LOOK_EVERY_MS, () => {
      this.#looking = this.look().finally(() => this.start());
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  /** One look at all streams. Never rejects. */
  async look(): Promise<void> {
    const { catalog, demand } = this.#options;
    const shardsById = demand.take();
    const streams = [...catalog.state.streams.all()].filter(({ mode }) => mode === 'ON_DEMAND');
    for (const stream of streams) {
      if (this.#isClosed) return;
      await this.#scale(stream, shardsById.get(stream.id) ?? 0).catch((error: unknown) =>
        this.#failed(stream, error),
      );
    }
  }

  async #scale({ id }: Stream, demandShards: number): Promise<void> {
    const { catalog } = this.#options;
    await this.#notePeak(id, demandShards);
    const stream = catalog.state.streams.get(id);
    if (stream?.status !== 'ACTIVE' || stream.mode !== 'ON_DEMAND') return;
    const shardCount = this.#wanted(stream);
    if (shardCount === openShardsOf(stream).length) return;
    const { shardsMax } = this.#options;
    // Where the account's shards are all taken this is refused, and asked again at the next look.
    await catalog.submit({ type: 'streams.scale-shards.v1', id, mode: 'ON_DEMAND', shardCount, shardsMax });
  }

  /** The catalog keeps a peak per day; one that hardly rises is not worth a command. */
  async #notePeak(id: Stream['id'], demandShards: number): Promise<void> {
    const { catalog, clock } = this.#options;
    const stream = catalog.state.streams.get(id);
    if (stream === undefined || demandShards < DEMAND_MIN) return;
    if (demandShards < PEAK_STEP * writePeakOf(stream, clock.now(), 1)) return;
    const shards = Math.round(demandShards * 100) / 100;
    await catalog.submit({ type: 'streams.note-write-peak.v1', id, shards });
  }

  #wanted(stream: Stream): number {
    const { clock, limits } = this.#options;
    return wantedShards({
      openShardCount: openShardsOf(stream).length,
      peakShards: writePeakOf(stream, clock.now()),
      warmShards: shardsForMibps(stream.warmThroughputMibps ?? 0),
      shardsMax: shardsForMibps(limits.quotas['on-demand-mibps']),
    });
  }

  #failed({ id }: Stream, error: unknown): void {
    if (this.#isClosed || (error instanceof CatalogError && error.code === 'closed')) return;
    this.#options.onEvent({ type: 'scaling-failed', streamId: id, error });
  }
}
