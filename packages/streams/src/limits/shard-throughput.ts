import type { Clock } from '@millrace/core';
import { BurstBucket } from './burst-bucket.ts';
import { ForgetfulMap } from './forgetful-map.ts';
import type { Limits } from './limits.ts';
import type { QuotaName } from './quotas.ts';
import { ReadPace } from './read-pace.ts';
import { TokenBucket } from './token-bucket.ts';

/** Shards whose buckets are kept, about: as many as an account may have. */
const SHARDS_MAX = 20_000;
const IDLE_MS_MIN = 60_000;
/** A rate that nobody reaches, with which there is no calculating beyond numbers. */
const UNBOUNDED = 2 ** 50;

/** How long a bucket of that size takes to be full again, at the most; then it can be forgotten. */
const idleMs = (size: number, perSecond: number): number =>
  Math.max(IDLE_MS_MIN, Math.ceil((size / Math.max(1, perSecond)) * 1000));

interface Writes {
  readonly records: TokenBucket;
  readonly bytes: BurstBucket;
}

interface Reads {
  readonly calls: TokenBucket;
  readonly pace: ReadPace;
}

/** What may go into and come out of each shard now. Shards are named by their logs. */
export class ShardThroughput {
  readonly #clock: Clock;
  readonly #writes: ForgetfulMap<Writes>;
  readonly #reads: ForgetfulMap<Reads>;
  readonly #iterators: ForgetfulMap<TokenBucket>;

  constructor({ quotas }: Limits, clock: Clock) {
    this.#clock = clock;
    const quota = (name: QuotaName) => Math.min(quotas[name], UNBOUNDED);
    const bytes = quota('shard-write-bytes-per-second');
    const burst = quota('shard-write-burst-bytes');
    const records = quota('shard-write-records-per-second');
    const readBytes = quota('shard-read-bytes-per-second');
    const readCalls = quota('shard-read-calls-per-second');
    const iterators = quota('shard-iterator-calls-per-second');
    const countMax = SHARDS_MAX;
    this.#writes = new ForgetfulMap({
      idleMs: idleMs(burst < UNBOUNDED ? burst + bytes : 0, bytes),
      countMax,
      make: (nowMs) => ({
        records: new TokenBucket(records, nowMs),
        bytes: new BurstBucket(bytes, burst, nowMs),
      }),
    });
    this.#reads = new ForgetfulMap({
      idleMs: IDLE_MS_MIN,
      countMax,
      make: (nowMs) => ({
        calls: new TokenBucket(readCalls, nowMs),
        pace: new ReadPace(readBytes, nowMs),
      }),
    });
    this.#iterators = new ForgetfulMap({
      idleMs: IDLE_MS_MIN,
      countMax,
      make: (nowMs) => new TokenBucket(iterators, nowMs),
    });
  }

  /** Whether the shard takes one more record of so many bytes, key included; if so, it counts. */
  takeRecord(shardLog: string, recordBytes: number): boolean {
    const nowMs = this.#clock.monotonic();
    const { records, bytes } = this.#writes.at(shardLog, nowMs);
    if (!records.has(1, nowMs) || !bytes.take(recordBytes, nowMs)) return false;
    records.spend(1);
    return true;
  }

  /** Whether GetRecords may be called on the shard; if so, it counts. */
  takeRead(shardLog: string): boolean {
    const nowMs = this.#clock.monotonic();
    const { calls, pace } = this.#reads.at(shardLog, nowMs);
    return pace.mayRead(nowMs) && calls.take(1, nowMs);
  }

  gave(shardLog: string, bytes: number): void {
    const nowMs = this.#clock.monotonic();
    this.#reads.at(shardLog, nowMs).pace.gave(bytes, nowMs);
  }

  /** Whether GetShardIterator may be called on the shard; if so, it counts. */
  takeIterator(shardLog: string): boolean {
    const nowMs = this.#clock.monotonic();
    return this.#iterators.at(shardLog, nowMs).take(1, nowMs);
  }
}

const SHARD_QUOTAS = [
  'shard-write-bytes-per-second',
  'shard-write-records-per-second',
  'shard-read-bytes-per-second',
  'shard-read-calls-per-second',
  'shard-iterator-calls-per-second',
] as const;

/** Undefined where nothing is bounded: then the way of a record has nothing to ask. */
export const shardThroughputOf = (limits: Limits, clock: Clock): ShardThroughput | undefined =>
  SHARD_QUOTAS.some((name) => Number.isFinite(limits.quotas[name]))
    ? new ShardThroughput(limits, clock)
    : undefined;
