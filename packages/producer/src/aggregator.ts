import { AggregateBuilder } from '@millrace/aggregation';
import type { Clock } from '@millrace/client-common';
import { DueTimer } from './due-timer.ts';
import { type OutgoingRecord, outgoingRecord } from './outgoing-record.ts';
import type { PendingRecord } from './pending-record.ts';
import type { Settings } from './settings.ts';
import type { ShardMap } from './shard-map.ts';

/** Records wait so much longer than others for a list of shards that has been asked for. */
const LIST_MS_MAX = 1_000;

export interface AggregatorParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly shardMap: Pick<ShardMap, 'predict' | 'isAsking'>;
  readonly next: (outgoing: OutgoingRecord) => void;
}

/** What is being gathered for one shard; `shardId` is undefined for records that wait to know theirs. */
class OpenAggregate {
  readonly shardId: string | undefined;
  readonly timer: DueTimer;
  users: PendingRecord[] = [];
  builder = new AggregateBuilder();

  constructor(shardId: string | undefined, timer: DueTimer) {
    this.shardId = shardId;
    this.timer = timer;
  }

  take(): { users: readonly PendingRecord[]; builder: AggregateBuilder } {
    const taken = { users: this.users, builder: this.builder };
    this.timer.cancel();
    this.users = [];
    this.builder = new AggregateBuilder();
    return taken;
  }
}

/**
 * Combines user records that will fall into the same shard. Records whose shard is not known wait as long as others
 * do, and a second more while the list of shards is on its way; if it is still not known then, each goes alone.
 * Records of one shard leave in the order in which they came.
 */
export class Aggregator {
  readonly #parts: AggregatorParts;
  readonly #open = new Map<string | undefined, OpenAggregate>();

  constructor(parts: AggregatorParts) {
    this.#parts = parts;
  }

  put(user: PendingRecord): void {
    const { settings, shardMap } = this.#parts;
    const shardId = shardMap.predict(user);
    if (settings.aggregation) this.#join(this.#openFor(shardId), user);
    else this.#single(user, shardId);
  }

  /** The shards are known, or will not be soon: who waits for that is placed. */
  placeAgain(): void {
    const waiting = this.#open.get(undefined)?.take();
    for (const user of waiting?.users ?? []) this.put(user);
  }

  /** Forgets shards that there are no more, once nothing waits for them. */
  retain(isOpen: (shardId: string) => boolean): void {
    for (const [shardId, { users }] of this.#open) {
      if (shardId !== undefined && users.length === 0 && !isOpen(shardId)) this.#open.delete(shardId);
    }
  }

  /** What waits for the list of shards goes as soon as it is there. */
  flush(): void {
    const nowMs = this.#parts.clock.monotonic();
    for (const open of this.#open.values()) {
      if (!this.#waitsForList(open)) this.#seal(open);
      else for (const user of open.users) user.deadlineMs = Math.min(user.deadlineMs, nowMs);
    }
  }

  #waitsForList({ shardId }: OpenAggregate): boolean {
    return shardId === undefined && this.#parts.shardMap.isAsking;
  }

  #openFor(shardId: string | undefined): OpenAggregate {
    const known = this.#open.get(shardId);
    if (known !== undefined) return known;
    const open: OpenAggregate = new OpenAggregate(
      shardId,
      new DueTimer(this.#parts.clock, () => this.#seal(open)),
    );
    this.#open.set(shardId, open);
    return open;
  }

  /** Who has no room leaves for the next aggregate, or goes alone; whatever came before it leaves before it. */
  #join(open: OpenAggregate, user: PendingRecord): void {
    if (!this.#tryJoin(open, user)) {
      this.#seal(open);
      if (!this.#tryJoin(open, user)) this.#single(user, open.shardId);
    }
  }

  #tryJoin(open: OpenAggregate, user: PendingRecord): boolean {
    if (user.isAlone || !this.#fits(open, user)) return false;
    open.users.push(user);
    if (open.users.length >= this.#parts.settings.aggregationCountMax) this.#seal(open);
    else open.timer.at(user.deadlineMs + (this.#waitsForList(open) ? LIST_MS_MAX : 0));
    return true;
  }

  #fits(open: OpenAggregate, user: PendingRecord): boolean {
    return open.shardId === undefined || open.builder.add(user, this.#parts.settings.aggregationBytesMax);
  }

  #seal(open: OpenAggregate): void {
    const { shardId } = open;
    if (open.users.length === 0) return;
    const { users, builder } = open.take();
    if (shardId === undefined) for (const user of users) this.#single(user, undefined);
    else this.#parts.next(outgoingRecord(users, builder.build(), shardId));
  }

  #single(user: PendingRecord, shardId: string | undefined): void {
    this.#parts.next(outgoingRecord([user], user, shardId));
  }
}
