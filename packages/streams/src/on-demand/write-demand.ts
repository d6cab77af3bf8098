import type { Stream, StreamId } from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import { QUOTAS } from '../limits/quotas.ts';

const SHARD_BYTES_PER_SECOND = QUOTAS['shard-write-bytes-per-second'].aws;
const SHARD_RECORDS_PER_SECOND = QUOTAS['shard-write-records-per-second'].aws;

interface Written {
  records: number;
  bytes: number;
}

/** What was written to on-demand streams since it was last asked for. */
export class WriteDemand {
  readonly #clock: Clock;
  /** Only streams that were written to, so never more than there are. */
  #written = new Map<StreamId, Written>();
  #sinceMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonic();
  }

  note({ id, mode }: Stream, records: number, bytes: number): void {
    if (mode !== 'ON_DEMAND') return;
    const written = this.#written.get(id);
    if (written === undefined) this.#written.set(id, { records, bytes });
    else {
      written.records += records;
      written.bytes += bytes;
    }
  }

  /** In shards that the average of the time would fill; what is not there was not written to. */
  take(): Map<StreamId, number> {
    const nowMs = this.#clock.monotonic();
    const seconds = Math.max(1, nowMs - this.#sinceMs) / 1000;
    const shards = Array.from(this.#written, ([id, { records, bytes }]) => {
      const most = Math.max(bytes / SHARD_BYTES_PER_SECOND, records / SHARD_RECORDS_PER_SECOND);
      return [id, most / seconds] as const;
    });
    this.#written = new Map();
    this.#sinceMs = nowMs;
    return new Map(shards);
  }
}
