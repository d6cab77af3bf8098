import { Statistics } from '@millrace/client-common';
import type { OutgoingRecord } from '../outgoing-record.ts';
import type { PendingRecord } from '../pending-record.ts';
import type { MetricName } from './metric-table.ts';

/** A time series: a metric, and whose. */
export interface Series {
  readonly name: MetricName;
  readonly shardId: string | undefined;
  readonly errorCode: string | undefined;
}

export type UserOutcome = 'put' | 'failed' | 'expired';

/** Told of every sample, as it happens. */
export type Observer = (series: Series, value: number) => void;

/** Shards and error codes beyond so many series are counted without their names. */
const SERIES_MAX = 20_000;

interface Kept {
  readonly series: Series;
  /** Until the last upload, and since then. */
  readonly before: Statistics;
  since: Statistics;
}

export interface Measured extends Series {
  readonly statistics: Statistics;
}

/** What the producer does, in the KPL's metrics. */
export class Metrics {
  readonly #observer: Observer | undefined;
  /** By metric, or by code for errors, then by shard. No code is named as a metric. */
  readonly #kept = new Map<string, Map<string | undefined, Kept>>();
  #count = 0;

  constructor(observer?: Observer) {
    this.#observer = observer;
  }

  received(): void {
    this.#observe('UserRecordsReceived', 1);
  }

  pending(count: number): void {
    this.#observe('UserRecordsPending', count);
  }

  requestDone(request: readonly OutgoingRecord[], durationMs: number): void {
    let users = 0;
    for (const outgoing of request) users += outgoing.users.length;
    this.#observe('RequestTime', durationMs);
    this.#observe('KinesisRecordsPerPutRecordsRequest', request.length);
    this.#observe('UserRecordsPerPutRecordsRequest', users);
  }

  recordDone(
    { users, record }: OutgoingRecord,
    shardId: string | undefined,
    errorCode: string | undefined,
  ): void {
    const isPut = errorCode === undefined;
    this.#observe('KinesisRecordsPut', isPut ? 1 : 0, shardId);
    this.#observe('KinesisRecordsDataPut', isPut ? record.data.length : 0, shardId);
    if (isPut) this.#observe('UserRecordsPerKinesisRecord', users.length, shardId);
    else {
      this.#observe('AllErrors', 1, shardId);
      this.#observe('ErrorsByCode', 1, shardId, errorCode);
    }
  }

  /** Their last attempts have been noted. */
  usersDone(users: readonly PendingRecord[], shardId: string | undefined, outcome: UserOutcome): void {
    const isPut = outcome === 'put' ? 1 : 0;
    const put = this.#keptOf('UserRecordsPut', shardId);
    const dataPut = this.#keptOf('UserRecordsDataPut', shardId);
    const retries = this.#keptOf('RetriesPerRecord', shardId);
    for (const user of users) {
      this.#note(put, isPut);
      this.#note(dataPut, isPut * user.data.length);
      this.#note(retries, Math.max(0, user.attemptCount - 1));
      const { bufferedMs } = user;
      if (bufferedMs !== undefined) this.#observe('BufferingTime', bufferedMs, shardId);
      if (outcome === 'expired') this.#observe('UserRecordExpired', 1, shardId);
    }
  }

  /** Since the producer was made. */
  all(): Measured[] {
    return this.#all().map(({ series, before, since }) => {
      const statistics = new Statistics();
      statistics.merge(before);
      statistics.merge(since);
      return { ...series, statistics };
    });
  }

  /** Since it was last asked. */
  takeRecent(): Measured[] {
    return this.#all().flatMap((kept) => {
      const statistics = kept.since;
      if (statistics.count === 0) return [];
      kept.before.merge(statistics);
      kept.since = new Statistics();
      return { ...kept.series, statistics };
    });
  }

  #all(): Kept[] {
    return [...this.#kept.values()].flatMap((shards) => [...shards.values()]);
  }

  #observe(name: MetricName, value: number, shardId?: string, errorCode?: string): void {
    this.#note(this.#keptOf(name, shardId, errorCode), value);
  }

  #note(kept: Kept, value: number): void {
    kept.since.observe(value);
    this.#observer?.(kept.series, value);
  }

  /** Every record comes by here several times: two look-ups, and no text is made. */
  #keptOf(name: MetricName, shardId?: string, errorCode?: string): Kept {
    const metric = errorCode === undefined ? name : errorCode;
    return this.#kept.get(metric)?.get(shardId) ?? this.#keep(metric, { name, shardId, errorCode });
  }

  #keep(metric: string, series: Series): Kept {
    const { name, shardId, errorCode } = series;
    if (this.#count >= SERIES_MAX && (shardId ?? errorCode) !== undefined) return this.#keptOf(name);
    const kept = { series, before: new Statistics(), since: new Statistics() };
    const shards = this.#kept.get(metric) ?? new Map<string | undefined, Kept>();
    this.#kept.set(metric, shards.set(shardId, kept));
    this.#count++;
    return kept;
  }
}
