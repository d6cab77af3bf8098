import { covers, effectivePrefix, type HashKeyRange, prefixOf } from '@millrace/aggregation';
import { type Clock, type Timer, timed } from '@millrace/client-common';
import type { PendingRecord } from './pending-record.ts';
import type { OpenShard, Transport } from './transport.ts';

/** Between two failures to list the shards: grows from the first to the last, as the KPL has it. */
const BACKOFF_MS_FIRST = 1_000;
const BACKOFF_MS_LAST = 30_000;
const BACKOFF_FACTOR = 1.5;

/** The list is not asked for more often, however many records go astray. */
const REFRESH_MS_MIN = 200;

/** Ranges are kept of so many shards, closed ones too: answers to old requests name them. */
const KNOWN_SHARDS_MAX = 50_000;

export interface ShardMapParts {
  readonly clock: Clock;
  readonly transport: Pick<Transport, 'listOpenShards'>;
  readonly timeoutMs: number;
  /** The shards are known, or known anew. */
  readonly listed: () => void;
  /** They could not be asked for; that is tried again. */
  readonly notListed: () => void;
}

/** With the beginnings of its ends, which are cheaper to compare. */
interface PlacedShard extends OpenShard {
  readonly startPrefix: number;
  readonly endPrefix: number;
}

const placed = (shard: OpenShard): PlacedShard => ({
  ...shard,
  startPrefix: prefixOf(shard.start),
  endPrefix: prefixOf(shard.end),
});

/** Index of the last item that is so; those that are come first. */
const lastAt = <Item>(items: readonly Item[], isSo: (item: Item) => boolean): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const byStart = (a: OpenShard, b: OpenShard): number => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

/** Which shard a record will fall into. Knows nothing between an answer that contradicts it and the next list. */
export class ShardMap {
  readonly #parts: ShardMapParts;
  readonly #known = new Map<string, HashKeyRange>();
  #open: readonly PlacedShard[] | undefined;
  #openIds: ReadonlySet<string> = new Set();
  #askedMs = Number.NEGATIVE_INFINITY;
  #backoffMs = BACKOFF_MS_FIRST;
  #timer: Timer | undefined;
  #isAsking = false;
  #isClosed = false;

  constructor(parts: ShardMapParts) {
    this.#parts = parts;
  }

  /** Asks for the shards; does not wait. */
  start(): void {
    void this.#refresh();
  }

  predict(user: PendingRecord): string | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    // One shard of one is the whole stream; of several, a list that is out of date may leave a gap.
    return open.length === 1 ? open[0]?.shardId : this.#shardOf(open, user);
  }

  /** The list will be there soon. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Of any shard that was ever listed. */
  rangeOf(shardId: string): HashKeyRange | undefined {
    return this.#known.get(shardId);
  }

  isOpen(shardId: string): boolean {
    return this.#openIds.has(shardId);
  }

  /**
   * An answer to a request sent at `sentMs` names another shard than was predicted. That of a request sent before the
   * list was asked for says nothing, unless the list does not have the shard.
   */
  contradicted(shardId: string, sentMs: number): void {
    if (this.#open === undefined || (sentMs < this.#askedMs && this.rangeOf(shardId) !== undefined)) return;
    this.#open = undefined;
    this.#refreshAfter(this.#askedMs + REFRESH_MS_MIN - this.#parts.clock.monotonic());
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** The prefix decides, unless it is that of a border. */
  #shardOf(open: readonly PlacedShard[], user: PendingRecord): string | undefined {
    const prefix = effectivePrefix(user) ?? 0;
    const shard = open[lastAt(open, ({ startPrefix }) => startPrefix <= prefix)];
    if (shard === undefined || prefix > shard.endPrefix) return undefined;
    if (prefix !== shard.startPrefix && prefix !== shard.endPrefix) return shard.shardId;
    const { hashKey } = user;
    const exact = open[lastAt(open, ({ start }) => start <= hashKey)];
    return exact !== undefined && covers(exact, hashKey) ? exact.shardId : undefined;
  }

  #refreshAfter(delayMs: number): void {
    if (delayMs <= 0) void this.#refresh();
    else this.#timer = this.#parts.clock.inBackground(delayMs, () => void this.#refresh());
  }

  async #refresh(): Promise<void> {
    const { clock, transport, timeoutMs } = this.#parts;
    this.#askedMs = clock.monotonic();
    this.#isAsking = true;
    // Without the list records go alone, which works; if something is wrong, it shows in their answers.
    const shards = await timed(clock, timeoutMs, (signal) => transport.listOpenShards(signal)).catch(
      () => [],
    );
    this.#isAsking = false;
    if (shards.length > 0) this.#load(shards);
    else this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#refreshAfter(this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * BACKOFF_FACTOR, BACKOFF_MS_LAST);
    this.#parts.notListed();
  }

  #load(shards: readonly OpenShard[]): void {
    if (this.#isClosed) return;
    this.#open = shards.map(placed).sort(byStart);
    this.#openIds = new Set(shards.map(({ shardId }) => shardId));
    this.#backoffMs = BACKOFF_MS_FIRST;
    for (const shard of shards) {
      this.#known.delete(shard.shardId);
      this.#known.set(shard.shardId, shard);
    }
    for (const shardId of this.#known.keys()) {
      if (this.#known.size <= KNOWN_SHARDS_MAX) break;
      this.#known.delete(shardId);
    }
    this.#parts.listed();
  }
}
