import {
  type Catalog,
  CatalogError,
  type ComingShard,
  type Command,
  closingShardsOf,
  comingShardsOf,
  findShard,
  type Shard,
  type Stream,
  type StreamId,
} from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import type { LogEngine, LogId } from '@millrace/log';
import type { StreamsEvent } from './event.ts';
import type { Limits } from './limits/limits.ts';
import { ownerOf, shardLogOf } from './model/shard-log.ts';
import { StatusDelay } from './status-delay.ts';
import type { WriteGate } from './write-gate.ts';

/** Streams that are worked on at a time, and logs of one of them. */
const STREAMS_AT_A_TIME = 4;
const LOGS_AT_A_TIME = 64;
const RETRY_AFTER_MS = 1_000;

export interface LifecycleOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly gate: WriteGate;
  readonly limits: Limits;
  readonly onEvent: (event: StreamsEvent) => void;
}

const inPortions = async (logs: readonly LogId[], task: (log: LogId) => Promise<void>): Promise<void> => {
  for (let at = 0; at < logs.length; at += LOGS_AT_A_TIME) {
    await Promise.all(logs.slice(at, at + LOGS_AT_A_TIME).map(task));
  }
};

const logsOf = (stream: Stream, shards: readonly (Shard | ComingShard)[] = stream.shards): LogId[] =>
  shards.map((shard) => shardLogOf(stream.id, shard));

const hasShard = (stream: Stream, index: number): boolean =>
  findShard(stream, index) !== undefined || comingShardsOf(stream).some((shard) => shard.index === index);

/** Commands after which there is work to do. */
const BEGINNINGS = [
  'streams.create.v1',
  'streams.mark-deleting.v1',
  'streams.split-shard.v1',
  'streams.merge-shards.v1',
  'streams.scale-shards.v1',
  'streams.set-mode.v1',
  'streams.start-encryption.v1',
  'streams.stop-encryption.v1',
  'streams.set-warm-throughput.v1',
] as const;

const isBeginning = (command: Command): command is Extract<Command, { type: (typeof BEGINNINGS)[number] }> =>
  BEGINNINGS.some((type) => type === command.type);

/**
 * Makes what the catalog says come true:
 *
 *     CREATING ── logs made ──▶ ACTIVE          DELETING ── logs removed ──▶ forgotten
 *     UPDATING ── logs of the children made, writers out, parents' ends read ──▶ ACTIVE, or the next reshapes
 *     UPDATING for no shards ──▶ ACTIVE
 *
 * Every step may be done twice and by several processes: making and removing logs is idempotent, and the catalog
 * refuses what has been done.
 */
export class StreamLifecycle {
  readonly #options: LifecycleOptions;
  readonly #delay: StatusDelay;
  readonly #waiting = new Set<StreamId>();
  readonly #working = new Map<StreamId, Promise<void>>();
  #unsubscribe = (): void => {};
  #isClosed = false;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    this.#delay = new StatusDelay(options.clock, options.limits);
  }

  /** Removes logs that no stream owns and takes up what was under way. */
  async start(): Promise<void> {
    const { catalog, onEvent } = this.#options;
    this.#unsubscribe = catalog.onApplied(({ command }) => {
      if (isBeginning(command)) this.#enqueue(command.id);
    });
    for (const { id } of catalog.state.streams.all()) this.#enqueue(id);
    await this.#removeOrphans().catch((error: unknown) => onEvent({ type: 'orphan-removal-failed', error }));
  }

  /** Resolves once no work is under way; what is left is taken up at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    await Promise.all(this.#working.values());
  }

  #enqueue(id: StreamId): void {
    this.#waiting.add(id);
    this.#pump();
  }

  #pump(): void {
    for (const id of this.#waiting) {
      if (this.#isClosed || this.#working.size >= STREAMS_AT_A_TIME) return;
      if (this.#working.has(id)) continue;
      this.#waiting.delete(id);
      const work = this.#settle(id)
        .catch((error: unknown) => this.#failed(id, error))
        .finally(() => {
          this.#working.delete(id);
          this.#pump();
        });
      this.#working.set(id, work);
    }
  }

  #failed(streamId: StreamId, error: unknown): void {
    const { clock, onEvent } = this.#options;
    if (this.#isClosed || (error instanceof CatalogError && error.code === 'closed')) return;
    onEvent({ type: 'life-cycle-failed', streamId, error });
    clock.after(RETRY_AFTER_MS, () => this.#enqueue(streamId));
  }

  /** Works until there is nothing left to do for the stream, whatever happens to it meanwhile. */
  async #settle(id: StreamId): Promise<void> {
    while (!this.#isClosed) {
      const stream = this.#options.catalog.state.streams.get(id);
      if (stream === undefined) return this.#delay.forget(id);
      if (stream.resharding === undefined && this.#waits(stream)) return;
      if (stream.status === 'CREATING') await this.#make(stream);
      else if (stream.status === 'DELETING') await this.#remove(stream);
      else if (stream.resharding !== undefined) await this.#reshard(stream);
      else if (stream.status === 'UPDATING') await this.#finish(stream);
      else return;
    }
  }

  /** Comes back to the stream when its state has lasted as long as it should. */
  #waits(stream: Stream): boolean {
    const leftMs = this.#delay.leftMs(stream);
    if (leftMs > 0) this.#options.clock.after(leftMs, () => this.#enqueue(stream.id));
    return leftMs > 0;
  }

  async #finish({ id }: Stream): Promise<void> {
    await this.#options.catalog.submit({ type: 'streams.finish-update.v1', id });
  }

  async #make(stream: Stream): Promise<void> {
    const { engine, catalog } = this.#options;
    await inPortions(logsOf(stream), (log) => engine.create(log));
    await catalog.submit({ type: 'streams.activate.v1', id: stream.id });
  }

  async #remove(stream: Stream): Promise<void> {
    const { engine, catalog } = this.#options;
    await inPortions(logsOf(stream), (log) => engine.delete(log));
    await catalog.submit({ type: 'streams.forget.v1', id: stream.id });
  }

  /** Writers have been kept out since the command that began this; a crash anywhere means to do it again. */
  async #reshard(stream: Stream): Promise<void> {
    const { engine, catalog, gate } = this.#options;
    const closing = stream.shards.filter(({ index }) => closingShardsOf(stream).has(index));
    await inPortions(logsOf(stream, comingShardsOf(stream)), (log) => engine.create(log));
    await gate.drained(logsOf(stream, closing));
    const endOf = async (shard: Shard) => {
      const { end } = await engine.bounds(shardLogOf(stream.id, shard));
      return [shard.index, end] as const;
    };
    const ends = await Promise.all(closing.map(endOf));
    const staysUpdating = this.#delay.lengthens('UPDATING');
    await catalog.submit({ type: 'streams.close-shards.v1', id: stream.id, ends, staysUpdating });
  }

  /** A log is made after its stream's command: once the catalog is up to date, no owner means none is coming. */
  async #removeOrphans(): Promise<void> {
    const { engine, catalog, onEvent } = this.#options;
    const logs = await engine.logs();
    await catalog.upToDate();
    const orphans = logs.filter((log) => {
      const owner = ownerOf(log);
      const stream = owner && catalog.state.streams.get(owner.stream);
      return owner !== undefined && (stream === undefined || !hasShard(stream, owner.shardIndex));
    });
    await inPortions(orphans, (log) => engine.delete(log));
    if (orphans.length > 0) onEvent({ type: 'orphans-removed', logCount: orphans.length });
  }
}
