import type { Stream, StreamId, StreamStatus } from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import type { Limits } from './limits/limits.ts';

/** How long each state lasts at least, so that a user can see what a slow day does to a client. */
export class StatusDelay {
  readonly #clock: Clock;
  readonly #lastsMs: Readonly<Record<StreamStatus, number>>;
  /** Streams that are in such a state now. A restart begins anew. */
  readonly #entered = new Map<StreamId, { readonly status: StreamStatus; readonly atMs: number }>();

  constructor(clock: Clock, { quotas }: Limits) {
    this.#clock = clock;
    this.#lastsMs = {
      CREATING: quotas['creating-ms'],
      ACTIVE: 0,
      UPDATING: quotas['updating-ms'],
      DELETING: quotas['deleting-ms'],
    };
  }

  lengthens(status: StreamStatus): boolean {
    return this.#lastsMs[status] > 0;
  }

  /** How long the stream must stay as it is, from the first time on that this was asked in its state. */
  leftMs({ id, status }: Stream): number {
    const lastsMs = this.#lastsMs[status];
    const known = this.#entered.get(id);
    if (lastsMs === 0) {
      this.#entered.delete(id);
      return 0;
    }
    const nowMs = this.#clock.monotonic();
    if (known?.status === status) return known.atMs + lastsMs - nowMs;
    this.#entered.set(id, { status, atMs: nowMs });
    return lastsMs;
  }

  forget(id: StreamId): void {
    this.#entered.delete(id);
  }
}
