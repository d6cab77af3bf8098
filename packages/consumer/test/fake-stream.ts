import assert from 'node:assert/strict';
import {
  AggregateBuilder,
  covers,
  effectiveHashKey,
  type HashKeyRange,
  hashKeyText,
  parseHashKey,
  type UserRecord,
} from '@millrace/aggregation';
import type {
  Checkpoint,
  InitialPosition,
  IteratorStart,
  RecordsAnswer,
  RecordsEvent,
  Shard,
  StoredRecord,
  StreamConsumerState,
  SubscribeRequest,
  Transport,
} from '@millrace/consumer';

const HASH_KEY_END = (1n << 128n) - 1n;

export const rangeOf = (start: bigint, end: bigint): HashKeyRange => {
  const from = parseHashKey(String(start));
  const to = parseHashKey(String(end));
  assert(from !== undefined && to !== undefined);
  return { start: from, end: to };
};

/** One user record of a shard. */
export interface Placed extends Checkpoint {
  readonly name: string;
}

export class FakeShard implements Shard {
  readonly records: StoredRecord[] = [];
  /** The user records that consumers see, in order. */
  readonly placed: Placed[] = [];
  children: FakeShard[] = [];

  readonly shardId: string;
  readonly range: HashKeyRange;
  readonly parentShardIds: readonly string[];

  constructor(shardId: string, range: HashKeyRange, parentShardIds: readonly string[]) {
    this.shardId = shardId;
    this.range = range;
    this.parentShardIds = parentShardIds;
  }
}

const named = (error: string): Error => Object.assign(new Error(error), { name: error });

/** A stream in memory that behaves as the service does, without faults. */
export class FakeStream implements Transport {
  readonly shards: FakeShard[] = [];
  /** Records in one answer. */
  answerMax = 7;
  /** Who is registered, by ARN; a new one has this status. */
  readonly consumers = new Map<string, StreamConsumerState>();
  newStatus = 'ACTIVE';
  #sequence = 100;
  /** Iterators of before are expired. */
  #epoch = 0;
  /** Wakes subscriptions. */
  #changed = Promise.withResolvers<void>();

  constructor(shardCount: number) {
    const width = (HASH_KEY_END + 1n) / BigInt(shardCount);
    for (let number = 0n; number < shardCount; number++) {
      const isLast = number === BigInt(shardCount) - 1n;
      this.#add(rangeOf(number * width, isLast ? HASH_KEY_END : (number + 1n) * width - 1n), []);
    }
  }

  get open(): readonly FakeShard[] {
    return this.shards.filter(({ children }) => children.length === 0);
  }

  require(shardId: string): FakeShard {
    const shard = this.shards.find((other) => other.shardId === shardId);
    if (shard === undefined) throw named('ResourceNotFoundException');
    return shard;
  }

  put(partitionKey: string, ...names: readonly string[]): FakeShard {
    const builder = new AggregateBuilder();
    for (const name of names) builder.add({ partitionKey, data: Buffer.from(name) });
    return this.putRecord(builder.build(), names);
  }

  /** `names` are those of the user records in it. */
  putRecord(record: UserRecord, names: readonly string[]): FakeShard {
    const hashKey = effectiveHashKey(record);
    const shard = this.open.find(({ range }) => hashKey !== undefined && covers(range, hashKey));
    assert(shard !== undefined);
    const sequenceNumber = String(++this.#sequence);
    const { partitionKey, data } = record;
    shard.records.push({ sequenceNumber, partitionKey, data, arrived: new Date(0) });
    this.#change();
    names.forEach((name, subSequenceNumber) => {
      shard.placed.push({ sequenceNumber, subSequenceNumber, name });
    });
    return shard;
  }

  split(shard: FakeShard): void {
    const start = BigInt(hashKeyText(shard.range.start));
    const end = BigInt(hashKeyText(shard.range.end));
    const middle = (start + end) / 2n;
    const halves = [rangeOf(start, middle), rangeOf(middle + 1n, end)];
    shard.children = halves.map((range) => this.#add(range, [shard.shardId]));
    this.#change();
  }

  /** Of the open shards, by hash keys, the one at this index and the next. */
  mergeAt(index: number): void {
    const open = this.open.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
    const [low, high] = [open[index], open[index + 1]];
    if (low === undefined || high === undefined) return;
    const range = { start: low.range.start, end: high.range.end };
    const child = this.#add(range, [low.shardId, high.shardId]);
    low.children = [child];
    high.children = [child];
    this.#change();
  }

  expireIterators(): void {
    this.#epoch++;
  }

  async listShards(openAt: InitialPosition | undefined): Promise<readonly Shard[]> {
    if (openAt === undefined) return [...this.shards];
    if (openAt === 'LATEST') return this.open;
    return this.shards.filter(({ parentShardIds }) => parentShardIds.length === 0);
  }

  async getIterator(shardId: string, start: IteratorStart): Promise<string> {
    const shard = this.require(shardId);
    return `${shardId}/${this.#indexOf(shard, start)}/${this.#epoch}`;
  }

  async getRecords(iterator: string): Promise<RecordsAnswer> {
    const [shardId = '', from, epoch] = iterator.split('/');
    if (Number(epoch) !== this.#epoch) throw named('ExpiredIteratorException');
    const shard = this.require(shardId);
    const { records, isEnd, end, millisBehindLatest } = this.#slice(shard, Number(from));
    return {
      records,
      nextIterator: isEnd ? undefined : `${shardId}/${end}/${this.#epoch}`,
      millisBehindLatest,
      childShards: isEnd ? shard.children : [],
    };
  }

  async registerConsumer(name: string): Promise<StreamConsumerState> {
    const consumerArn = `arn:${name}`;
    const state = this.consumers.get(consumerArn) ?? { consumerArn, status: this.newStatus };
    this.consumers.set(consumerArn, state);
    return state;
  }

  async describeConsumer(consumerArn: string): Promise<StreamConsumerState> {
    const state = this.consumers.get(consumerArn);
    if (state === undefined) throw named('ResourceNotFoundException');
    return state;
  }

  /** Never ends by itself before the shard does; an event without records comes when `idle` resolves. */
  async *subscribe(
    request: SubscribeRequest,
    signal: AbortSignal,
    idle: () => Promise<void> = () => new Promise(() => {}),
  ): AsyncGenerator<RecordsEvent, void, void> {
    const { status } = await this.describeConsumer(request.consumerArn);
    if (status !== 'ACTIVE') throw named('ResourceInUseException');
    const shard = this.require(request.shardId);
    let from = this.#indexOf(shard, request.start);
    for (let isDue = false; ; isDue = false) {
      if (signal.aborted) throw named('AbortError');
      if (!this.#hasMore(shard, from)) isDue = await this.#wait(idle(), signal);
      if (!isDue && !this.#hasMore(shard, from)) continue;
      const { records, isEnd, end, millisBehindLatest } = this.#slice(shard, from);
      from = end;
      const continuation = isEnd ? undefined : String(this.#numberBefore(shard, end));
      yield { records, continuation, millisBehindLatest, childShards: isEnd ? shard.children : [] };
      if (isEnd) return;
    }
  }

  close(): void {}

  #slice({ records, children }: FakeShard, from: number) {
    const end = Math.min(from + this.answerMax, records.length);
    const isEnd = children.length > 0 && end === records.length;
    const millisBehindLatest = end < records.length ? 1_000 : 0;
    return { records: records.slice(from, end), isEnd, end, millisBehindLatest };
  }

  /** All records up to there were handed out, and none behind it. */
  #numberBefore({ records }: FakeShard, end: number): number {
    const next = records[end];
    return next === undefined ? this.#sequence : Number(next.sequenceNumber) - 1;
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #hasMore(shard: FakeShard, from: number): boolean {
    const { records, isEnd } = this.#slice(shard, from);
    return records.length > 0 || isEnd;
  }

  /** For a change or the signal; true when it is `idle` that came first. */
  async #wait(idle: Promise<void>, signal: AbortSignal): Promise<boolean> {
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => aborted.resolve();
    signal.addEventListener('abort', abort);
    const isDue = await Promise.race([
      idle.then(() => true),
      this.#changed.promise.then(() => false),
      aborted.promise.then(() => false),
    ]);
    signal.removeEventListener('abort', abort);
    return isDue;
  }

  #indexOf({ records }: FakeShard, start: IteratorStart): number {
    if (start.kind === 'initial') return start.position === 'LATEST' ? records.length : 0;
    const at = BigInt(start.sequenceNumber);
    const index = records.findIndex(({ sequenceNumber }) =>
      start.kind === 'at' ? BigInt(sequenceNumber) >= at : BigInt(sequenceNumber) > at,
    );
    return index < 0 ? records.length : index;
  }

  #add(range: HashKeyRange, parentShardIds: readonly string[]): FakeShard {
    const shardId = `shardId-${String(this.shards.length).padStart(12, '0')}`;
    const shard = new FakeShard(shardId, range, parentShardIds);
    this.shards.push(shard);
    return shard;
  }
}
