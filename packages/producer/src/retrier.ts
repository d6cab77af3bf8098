import { covers } from '@millrace/aggregation';
import type { Clock } from '@millrace/client-common';
import { DueTimer } from './due-timer.ts';
import { ATTEMPT_CODES, ProducerError, REFUSALS, THROTTLED } from './errors.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { PendingRecord } from './pending-record.ts';
import type { Settings } from './settings.ts';
import type { ShardMap } from './shard-map.ts';
import type { EntryAnswer, Sent } from './transport.ts';

export interface RetrierParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly shardMap: Pick<ShardMap, 'rangeOf' | 'contradicted'>;
  readonly metrics: Metrics;
  readonly again: (user: PendingRecord) => void;
}

/** The first retry is at once; what fails again rests before each further one, twice as long each time. */
const REST_MS_FIRST = 50;
const REST_MS_LAST = 2_000;

const restMs = (attempts: number): number =>
  attempts < 2 ? 0 : Math.min(REST_MS_FIRST * 2 ** (attempts - 2), REST_MS_LAST);

interface Stored {
  readonly outgoing: OutgoingRecord;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly sent: Sent;
}

type Verdict = 'right' | 'wrong' | 'unknown';

/** Judges what came of each record: put, failed for good, or to be put again. */
export class Retrier {
  readonly #parts: RetrierParts;
  /** Stored in shards that the map does not know yet. */
  readonly #unjudged = new Set<Stored>();
  readonly #expiry: DueTimer;

  constructor(parts: RetrierParts) {
    this.#parts = parts;
    this.#expiry = new DueTimer(parts.clock, () => this.#giveUp());
  }

  answered(outgoing: OutgoingRecord, answer: EntryAnswer, sent: Sent): void {
    if ('errorCode' in answer) this.#failed(outgoing, answer.errorCode, answer.errorMessage, sent);
    else this.#judge({ outgoing, shardId: answer.shardId, sequenceNumber: answer.sequenceNumber, sent });
  }

  /** The request failed as a whole. If it was refused, each of its user records is tried in a request of its own. */
  failed(outgoing: OutgoingRecord, code: string, message: string, sent: Sent): void {
    const isRefused = REFUSALS.has(code);
    const isOne = sent.count === 1 && outgoing.users.length === 1;
    if (isRefused) for (const user of outgoing.users) user.isAlone = true;
    this.#failed(outgoing, code, message, sent, isRefused && isOne);
  }

  /** It was not sent, since one of its user records has no time left. The others go on. */
  expired({ users }: OutgoingRecord): void {
    this.#retry(users);
  }

  shardsListed(): void {
    const unjudged = [...this.#unjudged];
    this.#unjudged.clear();
    this.#expiry.cancel();
    for (const stored of unjudged) this.#judge(stored, true);
  }

  /** A shard that the latest list does not know either, since it was soon closed again, counts as wrong. */
  #judge(stored: Stored, isListed = false): void {
    const { outgoing, shardId, sent } = stored;
    if (!isListed && outgoing.shardId !== undefined && shardId !== outgoing.shardId) {
      this.#parts.shardMap.contradicted(shardId, sent.startedMs);
    }
    const verdict = this.#verdict(outgoing, shardId);
    if (verdict === 'right') this.#put(stored);
    else if (verdict === 'wrong' || isListed) this.#wrongShard(stored);
    else {
      this.#unjudged.add(stored);
      this.#expiry.at(outgoing.expiresMs);
    }
  }

  /**
   * Consumers drop an aggregate of which any part lies outside its shard. A record that is no aggregate is always
   * where it belongs.
   */
  #verdict(outgoing: OutgoingRecord, shardId: string): Verdict {
    if (outgoing.users.length === 1 || shardId === outgoing.shardId) return 'right';
    const range = this.#parts.shardMap.rangeOf(shardId);
    if (range === undefined) return 'unknown';
    return outgoing.users.every(({ hashKey }) => covers(range, hashKey)) ? 'right' : 'wrong';
  }

  #wrongShard({ outgoing, shardId, sent }: Stored): void {
    const message = `stored in ${shardId}, which does not cover all of the aggregate`;
    this.#failed(outgoing, ATTEMPT_CODES.wrongShard, message, sent);
  }

  /** The map has not come for so long that a record expired: the shard counts as wrong. */
  #giveUp(): void {
    const nowMs = this.#parts.clock.monotonic();
    for (const stored of this.#unjudged) {
      const { expiresMs } = stored.outgoing;
      if (expiresMs > nowMs) this.#expiry.at(expiresMs);
      else {
        this.#unjudged.delete(stored);
        this.#wrongShard(stored);
      }
    }
  }

  #put({ outgoing, shardId, sequenceNumber, sent }: Stored): void {
    const { metrics } = this.#parts;
    metrics.recordDone(outgoing, shardId, undefined);
    for (const user of outgoing.users) user.succeeded(sent);
    metrics.usersDone(outgoing.users, shardId, 'put');
    const place = { shardId, sequenceNumber };
    for (const user of outgoing.users) user.settle(place);
  }

  #failed(
    outgoing: OutgoingRecord,
    errorCode: string,
    errorMessage: string,
    sent: Sent,
    isFinal = false,
  ): void {
    this.#parts.metrics.recordDone(outgoing, outgoing.shardId, errorCode);
    const code = isFinal ? 'Refused' : this.#isThrottled(errorCode) ? 'Throttled' : undefined;
    for (const user of outgoing.users) {
      user.failed(sent, errorCode, errorMessage);
      if (code !== undefined) this.#fail(user, new ProducerError(code, errorMessage, user.attempts));
    }
    if (code === undefined) this.#rest(outgoing.users);
  }

  #isThrottled(errorCode: string): boolean {
    return errorCode === THROTTLED && this.#parts.settings.failIfThrottled;
  }

  #rest(users: readonly PendingRecord[]): void {
    const nowMs = this.#parts.clock.monotonic();
    let [attemptsMost, expiresMs] = [0, Number.POSITIVE_INFINITY];
    for (const user of users) {
      attemptsMost = Math.max(attemptsMost, user.attemptCount);
      expiresMs = Math.min(expiresMs, user.expiresMs);
    }
    const wokenMs = Math.min(nowMs + restMs(attemptsMost), expiresMs);
    if (wokenMs <= nowMs) this.#retry(users);
    else this.#parts.clock.after(wokenMs - nowMs, () => this.#retry(users));
  }

  #retry(users: readonly PendingRecord[]): void {
    const { clock, settings, again } = this.#parts;
    const nowMs = clock.monotonic();
    for (const user of users) {
      user.deadlineMs = nowMs + settings.recordBufferedMsMax / 2;
      if (user.expiresMs <= nowMs) this.#expire(user);
      else again(user);
    }
  }

  #expire(user: PendingRecord): void {
    const last = user.attempts.at(-1);
    const why = last === undefined ? 'it was never sent' : `last: ${last.errorCode}: ${last.errorMessage}`;
    const message = `not put within ${this.#parts.settings.recordTtlMs} ms; ${why}`;
    this.#fail(user, new ProducerError('Expired', message, user.attempts));
  }

  #fail(user: PendingRecord, error: ProducerError): void {
    this.#parts.metrics.usersDone([user], undefined, error.code === 'Expired' ? 'expired' : 'failed');
    user.settle(error);
  }
}
