import { type Catalog, CatalogError, findShard, type Stream, type StreamId } from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import type { LogEngine, LogId } from '@millrace/log';
import type { StreamsEvent } from './event.ts';
import { ownerOf, shardLogOf } from './model/shard-log.ts';

/** Streams that are worked on at a time, and logs of one of them. */
const STREAMS_AT_A_TIME = 4;
const LOGS_AT_A_TIME = 64;
const RETRY_AFTER_MS = 1_000;

export interface LifecycleOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly onEvent: (event: StreamsEvent) => void;
}

const inPortions = async (logs: readonly LogId[], task: (log: LogId) => Promise<void>): Promise<void> => {
  for (let at = 0; at < logs.length; at += LOGS_AT_A_TIME) {
    await Promise.all(logs.slice(at, at + LOGS_AT_A_TIME).map(task));
  }
};

const logsOf = (stream: Stream): LogId[] => stream.shards.map((shard) => shardLogOf(stream.id, shard));

/**
 * Makes what the catalog says come true:
 *
 *     CREATING ── logs made ──▶ ACTIVE          DELETING ── logs removed ──▶ forgotten
 *
 * Every step may be done twice and by several processes: making and removing logs is idempotent, and the catalog
 * refuses what has been done.
 */
export class StreamLifecycle {
  readonly #options: LifecycleOptions;
  readonly #waiting = new Set<StreamId>();
  readonly #working = new Map<StreamId, Promise<void>>();
  #unsubscribe = (): void => {};
  #isClosed = false;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Removes logs that no stream owns and takes up what was under way. */
  async start(): Promise<void> {
    const { catalog, onEvent } = this.#options;
    this.#unsubscribe = catalog.onApplied(({ command }) => {
      if (command.type === 'streams.create.v1' || command.type === 'streams.mark-deleting.v1') {
        this.#enqueue(command.id);
      }
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
      if (stream?.status === 'CREATING') await this.#make(stream);
      else if (stream?.status === 'DELETING') await this.#remove(stream);
      else return;
    }
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

  /** A log is made after its stream's command: once the catalog is up to date, no owner means none is coming. */
  async #removeOrphans(): Promise<void> {
    const { engine, catalog, onEvent } = this.#options;
    const logs = await engine.logs();
    await catalog.upToDate();
    const orphans = logs.filter((log) => {
      const owner = ownerOf(log);
      const stream = owner && catalog.state.streams.get(owner.stream);
      return owner !== undefined && (stream === undefined || !findShard(stream, owner.shardIndex));
    });
    await inPortions(orphans, (log) => engine.delete(log));
    if (orphans.length > 0) onEvent({ type: 'orphans-removed', logCount: orphans.length });
  }
}
