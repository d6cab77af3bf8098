import { type Clock, repeat } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Lease } from '../leases/lease.ts';
import { LeaseObserver } from '../leases/lease-observer.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings.ts';
import { streamNameIn } from './stream-id.ts';
import type { ReadStream, StreamSet } from './stream-set.ts';

export interface TableKeeperParts {
  readonly clock: Clock;
  readonly store: LeaseStore;
  readonly streams: Pick<StreamSet, 'all' | 'get' | 'isSure' | 'mode'>;
  /** This worker looks after the table, as far as the leases tell. */
  readonly isLeader: (leases: readonly Lease[]) => boolean;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly report: Report;
}

type Task = 'audit shards' | 'clean up leases';

/** Looks after the leases of all streams, and removes those of streams that are not read any more. */
export class TableKeeper {
  readonly #parts: TableKeeperParts;
  readonly #former = new LeaseObserver();

  constructor(parts: TableKeeperParts) {
    this.#parts = parts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, settings, metrics, report } = this.#parts;
    const regularly = (during: Task, everyMs: number, task: () => Promise<void>): Promise<void> =>
      repeat(clock, everyMs, signal, () => attempt(report, during, task));
    await Promise.all([
      regularly('audit shards', settings.auditMs, () => {
        return metrics.of('PeriodicShardSyncManager').attempt('Success', 'Time', () => this.audit());
      }),
      regularly('clean up leases', settings.cleanupMs, () => this.cleanUp()),
    ]);
  }

  async audit(): Promise<void> {
    const leases = await this.#parts.store.list();
    const isLeader = this.#parts.isLeader(leases);
    await this.#forEach('audit shards', leases, ({ keeper }, own) => keeper.audit(own, isLeader));
  }

  async cleanUp(): Promise<void> {
    const { store, isLeader, clock } = this.#parts;
    const askedMs = clock.monotonic();
    const leases = await store.list();
    const removable = this.#seeFormer(leases, askedMs);
    if (!isLeader(leases)) return;
    await this.#forEach('clean up leases', leases, ({ keeper }, own) => keeper.cleanUp(own));
    for (const lease of removable) await this.#remove(lease);
    this.#measure(leases, removable);
  }

  /** Streams are looked after one after another; one that fails keeps none from its turn. */
  async #forEach(
    during: Task,
    leases: readonly Lease[],
    task: (stream: ReadStream, own: readonly Lease[]) => Promise<void>,
  ): Promise<void> {
    const byStream = Map.groupBy(leases, ({ streamId }) => streamId);
    for (const stream of this.#parts.streams.all) {
      const own = byStream.get(stream.identity.streamId) ?? [];
      await attempt(stream.report, during, () => task(stream, own));
    }
  }

  /**
   * Leases of streams that this worker does not read, and of which nobody has touched a lease for the time of grace:
   * other workers may still read them. Every worker looks, so that a new leader need not begin to wait.
   */
  #seeFormer(leases: readonly Lease[], askedMs: number): readonly Lease[] {
    const { clock, streams, settings } = this.#parts;
    const { formerStreams, formerStreamsMs } = settings;
    if (streams.mode === 'single' || formerStreams === 'keep' || !streams.isSure) return [];
    const former = leases.filter(({ streamId }) => streams.get(streamId) === undefined);
    const observed = Map.groupBy(
      this.#former.see(former, askedMs, clock.monotonic()),
      ({ lease }) => lease.streamId,
    );
    const untouched = [...observed.values()].filter((seen) =>
      seen.every(({ unchangedMs }) => unchangedMs >= formerStreamsMs),
    );
    return untouched.flatMap((seen) => seen.map(({ lease }) => lease));
  }

  #measure(leases: readonly Lease[], removed: readonly Lease[]): void {
    const { streams, metrics } = this.#parts;
    if (streams.mode === 'single') return;
    const gone = new Set(removed.map(({ streamId }) => streamId)).size;
    const known = new Set(leases.map(({ streamId }) => streamId));
    const former = [...known].filter((streamId) => streams.get(streamId) === undefined).length;
    const scope = metrics.of('MultiStreamTracker');
    scope.observe('ActiveStreams.Count', streams.all.length);
    scope.observe('DeletedStreams.Count', gone);
    scope.observe('StreamsPendingDeletion.Count', former - gone);
  }

  async #remove(lease: Lease): Promise<void> {
    const { store, report } = this.#parts;
    const { shardId, streamId = '' } = lease;
    await store.remove(lease);
    report({ kind: 'leaseRemoved', shardId, streamName: streamNameIn(streamId) });
  }
}

const attempt = async (report: Report, during: Task, task: () => Promise<void>): Promise<void> => {
  try {
    await task();
  } catch (error) {
    report({ kind: 'error', during, error });
  }
};
