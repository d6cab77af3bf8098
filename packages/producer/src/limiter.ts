import type { Clock } from '@millrace/client-common';
import { DueTimer } from './due-timer.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import { Queue } from './queue.ts';
import type { Settings } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';

/** What AWS lets into a shard in a second, and what may come at once, as the KPL has it. */
const SHARD_RECORDS_PER_SECOND = 1_000;
const SHARD_BYTES_PER_SECOND = 1024 * 1024;
const BURST_RECORDS = 1_000;
const BURST_BYTES = 10 * 1024 * 1024;

/** A shorter sleep would only be longer than asked for. */
const WAIT_MS_MIN = 1;

export interface LimiterParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly next: (outgoing: OutgoingRecord) => void;
  /** A part of it has expired. */
  readonly expired: (outgoing: OutgoingRecord) => void;
}

/** One shard's line. Who expires first is first: records that are tried again come before new ones. */
class ShardLine {
  readonly #parts: LimiterParts;
  readonly #records: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #timer: DueTimer;
  readonly #line = new Queue<OutgoingRecord>();

  constructor(parts: LimiterParts) {
    const nowMs = parts.clock.monotonic();
    const share = parts.settings.rateLimitPercent / 100;
    this.#parts = parts;
    this.#records = new TokenBucket({
      size: BURST_RECORDS,
      perSecond: SHARD_RECORDS_PER_SECOND * share,
      nowMs,
    });
    this.#bytes = new TokenBucket({ size: BURST_BYTES, perSecond: SHARD_BYTES_PER_SECOND * share, nowMs });
    this.#timer = new DueTimer(parts.clock, () => this.#drain());
  }

  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  put(outgoing: OutgoingRecord): void {
    this.#line.insert(outgoing, ({ expiresMs }) => expiresMs > outgoing.expiresMs);
    this.#drain();
  }

  #drain(): void {
    const { clock, next, expired } = this.#parts;
    for (let first = this.#line.first; first !== undefined; first = this.#line.first) {
      const nowMs = clock.monotonic();
      const hasExpired = first.expiresMs <= nowMs;
      const waitMs = hasExpired ? 0 : this.#waitMs(first, nowMs);
      if (waitMs > 0) {
        this.#timer.at(nowMs + Math.min(Math.max(waitMs, WAIT_MS_MIN), first.expiresMs - nowMs));
        return;
      }
      this.#line.shift();
      if (hasExpired) expired(first);
      else this.#pass(first, next);
    }
  }

  #waitMs({ bytes }: OutgoingRecord, nowMs: number): number {
    return Math.max(this.#records.waitMs(1, nowMs), this.#bytes.waitMs(bytes, nowMs));
  }

  #pass(outgoing: OutgoingRecord, next: (outgoing: OutgoingRecord) => void): void {
    this.#records.take(1);
    this.#bytes.take(outgoing.bytes);
    next(outgoing);
  }
}

/** Keeps what is sent to each shard within its limits. Records whose shard is not known pass. */
export class Limiter {
  readonly #parts: LimiterParts;
  readonly #lines = new Map<string, ShardLine>();

  constructor(parts: LimiterParts) {
    this.#parts = parts;
  }

  put(outgoing: OutgoingRecord): void {
    const { shardId } = outgoing;
    const isLimited = this.#parts.settings.rateLimitPercent < Number.POSITIVE_INFINITY;
    if (isLimited && shardId !== undefined) this.#lineOf(shardId).put(outgoing);
    else this.#parts.next(outgoing);
  }

  /** Forgets shards that there are no more, once nothing waits for them. */
  retain(isOpen: (shardId: string) => boolean): void {
    for (const [shardId, line] of this.#lines) {
      if (line.isEmpty && !isOpen(shardId)) this.#lines.delete(shardId);
    }
  }

  #lineOf(shardId: string): ShardLine {
    const known = this.#lines.get(shardId);
    if (known !== undefined) return known;
    const line = new ShardLine(this.#parts);
    this.#lines.set(shardId, line);
    return line;
  }
}
