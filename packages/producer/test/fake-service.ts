import {
  deaggregate,
  effectiveHashKey,
  hashKeyText,
  parseHashKey,
  type UserRecord,
} from '@millrace/aggregation';
import { Chance } from '@millrace/client-common/testing';
import type { Clock, EntryAnswer, OpenShard, Transport } from '@millrace/producer';

/** How often things go wrong, 0 … 1. All are 0 unless given. */
export interface Faults {
  /** The request never arrives. */
  readonly refused?: number;
  /** It arrives, and its answer does not: an error at once, or nothing at all. */
  readonly lost?: number;
  readonly silent?: number;
  /** The answer has an entry too few. */
  readonly miscounted?: number;
  /** Of single records. */
  readonly throttled?: number;
  readonly failed?: number;
  /** ListShards fails. */
  readonly listRefused?: number;
  /** A request finds the shards changed. */
  readonly resharded?: number;
}

export interface Stored extends UserRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

const ALL = (1n << 128n) - 1n;

const shardOf = (number: number, start: bigint, end: bigint): OpenShard => {
  const [first, last] = [parseHashKey(String(start)), parseHashKey(String(end))];
  if (first === undefined || last === undefined) throw new Error(`no range: ${start} to ${end}`);
  return { shardId: `shardId-${String(number).padStart(12, '0')}`, start: first, end: last };
};

const failure = (name: string): Error => Object.assign(new Error(`${name} happened`), { name });

/** Other side of the transport: a stream as it behaves, with faults by chance. */
export class FakeService implements Transport {
  readonly stored: Stored[] = [];
  readonly requests: (readonly UserRecord[])[] = [];
  /** Ranges of all shards that ever were. */
  readonly shards = new Map<string, OpenShard>();
  faults: Faults;
  latencyMs = { least: 5, most: 30 };
  underWayMax = 0;
  lists = 0;
  /** Answers that did not come, or came too late. */
  lost = 0;
  reshards = 0;
  isClosed = false;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #underWay = new Set<AbortSignal>();
  #open: OpenShard[];

  constructor(clock: Clock, options: { seed?: number; shards?: number; faults?: Faults } = {}) {
    const { seed = 1, shards = 1, faults = {} } = options;
    this.#clock = clock;
    this.#chance = new Chance(seed);
    this.faults = faults;
    const width = (ALL + 1n) / BigInt(shards);
    this.#open = Array.from({ length: shards }, (_, index) =>
      shardOf(index, width * BigInt(index), index === shards - 1 ? ALL : width * BigInt(index + 1) - 1n),
    );
    for (const shard of this.#open) this.shards.set(shard.shardId, shard);
  }

  async putRecords(records: readonly UserRecord[], signal: AbortSignal): Promise<readonly EntryAnswer[]> {
    this.requests.push(records);
    this.#underWay.add(signal);
    signal.addEventListener('abort', () => this.lost++);
    this.underWayMax = Math.max(this.underWayMax, this.underWay);
    try {
      return await this.#put(records, signal);
    } finally {
      this.#underWay.delete(signal);
    }
  }

  /** Requests that somebody still waits for. */
  get underWay(): number {
    return [...this.#underWay].filter(({ aborted }) => !aborted).length;
  }

  async listOpenShards(signal: AbortSignal): Promise<readonly OpenShard[]> {
    this.lists++;
    const shards = [...this.#open];
    await this.#pause(signal);
    if (this.#happens('listRefused')) throw failure('LimitExceededException');
    return shards;
  }

  close(): void {
    this.isClosed = true;
  }

  /** In the middle. */
  split(index: number): void {
    const [start, end] = this.#rangeAt(index);
    const middle = start + (end - start) / 2n;
    const number = this.shards.size;
    this.#replace(index, 1, [shardOf(number, start, middle), shardOf(number + 1, middle + 1n, end)]);
  }

  /** With the next. */
  merge(index: number): void {
    const [start] = this.#rangeAt(index);
    const [, end] = this.#rangeAt(index + 1);
    this.#replace(index, 2, [shardOf(this.shards.size, start, end)]);
  }

  /** What consumers that know the format get to see: user records, and where. */
  visible(): Stored[] {
    return this.stored.flatMap(({ shardId, sequenceNumber, partitionKey, data }) =>
      deaggregate({ partitionKey, data }, { range: this.shards.get(shardId) }).records.map((record) => ({
        ...record,
        shardId,
        sequenceNumber,
      })),
    );
  }

  #rangeAt(index: number): readonly [start: bigint, end: bigint] {
    const shard = this.#open[index];
    if (shard === undefined) throw new Error(`no shard ${index} of ${this.#open.length}`);
    return [BigInt(`0x${shard.start}`), BigInt(`0x${shard.end}`)];
  }

  #replace(index: number, count: number, children: readonly OpenShard[]): void {
    this.reshards++;
    this.#open.splice(index, count, ...children);
    for (const shard of children) this.shards.set(shard.shardId, shard);
  }

  #reshard(): void {
    const index = this.#chance.below(this.#open.length);
    if (index + 1 < this.#open.length && this.#chance.hits(0.5)) this.merge(index);
    else this.split(index);
  }

  async #put(records: readonly UserRecord[], signal: AbortSignal): Promise<readonly EntryAnswer[]> {
    if (this.#happens('refused')) throw failure('ECONNREFUSED');
    await this.#pause(signal);
    if (this.#happens('resharded')) this.#reshard();
    const answers = records.map((record) => this.#store(record));
    await this.#pause(signal);
    if (this.#happens('lost')) throw this.#loss(failure('ECONNRESET'));
    if (this.#happens('silent')) return this.#loss(Promise.withResolvers<never>().promise);
    return this.#happens('miscounted') ? this.#loss(answers.slice(1)) : answers;
  }

  #loss<Outcome>(outcome: Outcome): Outcome {
    this.lost++;
    return outcome;
  }

  #store(record: UserRecord): EntryAnswer {
    const hashKey = effectiveHashKey(record);
    const shard = this.#open.find(
      ({ start, end }) => hashKey !== undefined && start <= hashKey && hashKey <= end,
    );
    if (shard === undefined) throw new Error(`no shard covers ${hashKey && hashKeyText(hashKey)}`);
    if (this.#happens('throttled'))
      return {
        errorCode: 'ProvisionedThroughputExceededException',
        errorMessage: `Rate exceeded for shard ${shard.shardId}`,
      };
    if (this.#happens('failed'))
      return { errorCode: 'InternalFailure', errorMessage: 'Internal Service Failure' };
    const stored = { ...record, shardId: shard.shardId, sequenceNumber: String(this.stored.length) };
    this.stored.push(stored);
    return stored;
  }

  #happens(fault: keyof Faults): boolean {
    return this.#chance.hits(this.faults[fault] ?? 0);
  }

  #pause(signal: AbortSignal): Promise<void> {
    const { least, most } = this.latencyMs;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#clock.after(least + this.#chance.below(most - least + 1), resolve);
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  }
}
