import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import fc from 'fast-check';
import { CutDisk } from './cut-disk.ts';
import { Follower } from './follower.ts';
import { aWorld } from './world.ts';

const STREAM = 'orders';
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const SHARDS_MAX = 24;

type Step =
  | { readonly kind: 'put' | 'put-many'; readonly key: number; readonly count: number }
  | { readonly kind: 'split' | 'merge'; readonly shard: number; readonly part: number }
  | { readonly kind: 'scale'; readonly shardCount: number }
  | { readonly kind: 'read'; readonly limit: number }
  | { readonly kind: 'turn'; readonly count: number }
  | { readonly kind: 'restart' | 'crash' };

const key = fc.nat(KEYS.length - 1);
const count = fc.integer({ min: 1, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('put' as const), key, count }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put-many' as const), key, count }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('split' as const, 'merge' as const),
      shard: fc.nat(SHARDS_MAX),
      part: fc.integer({ min: 1, max: 15 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('scale' as const),
      shardCount: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('turn' as const), count }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'crash' as const) }) },
);

const aTurn = (): Promise<void> => new Promise((wake) => setImmediate(wake));

/** Puts the records of one key one after the other, and remembers which were acknowledged. */
class Producer {
  readonly acknowledged: string[] = [];
  readonly #key: string;
  #next = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(key: string) {
    this.#key = key;
  }

  put(run: Run, amount: number, atOnce: boolean): void {
    const texts = Array.from({ length: amount }, () => `${this.#key}/${this.#next++}`);
    const calls = atOnce ? [texts] : texts.map((text) => [text]);
    for (const call of calls) this.#work = this.#work.then(() => this.#call(run, call));
  }

  settled(): Promise<void> {
    return this.#work;
  }

  /** What fails may be there or not: only `acknowledged` counts. */
  async #call({ world }: Run, texts: readonly string[]): Promise<void> {
    const Records = texts.map((text) => ({ PartitionKey: this.#key, Data: Buffer.from(text) }));
    const [record] = Records;
    try {
      if (Records.length === 1 && record !== undefined) {
        await world.call('PutRecord', { StreamName: STREAM, ...record });
        this.acknowledged.push(...texts);
        return;
      }
      const answer = await world.call('PutRecords', { StreamName: STREAM, Records });
      this.acknowledged.push(...texts.filter((_, place) => answer.Records[place]?.ErrorCode === undefined));
    } catch {}
  }
}

/** One stream, its writers and its reader, through the lives of several processes. */
class Run {
  readonly #clock = new ManualClock();
  readonly #disk = new MemoryDisk();
  readonly #follower = new Follower(STREAM);
  readonly #producers = KEYS.map((each) => new Producer(each));
  readonly #changes: Promise<unknown>[] = [];
  #hold = new CutDisk(this.#disk);
  world!: Awaited<ReturnType<typeof aWorld>>;

  async start(): Promise<void> {
    await this.#open();
    await this.world.aStream(STREAM, { shards: 2 });
    await this.#follower.start(this.world);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'put':
      case 'put-many':
        return this.#producers[step.key]?.put(this, step.count, step.kind === 'put-many');
      case 'split':
      case 'merge':
        return this.#reshard(step.kind, step.shard, step.part);
      case 'scale':
        return this.#change('UpdateShardCount', {
          TargetShardCount: step.shardCount,
          ScalingType: 'UNIFORM_SCALING',
        });
      case 'read':
        await this.#follower.step(this.world, step.limit);
        return;
      case 'turn':
        for (let turn = 0; turn < step.count; turn++) await aTurn();
        return;
      case 'restart':
      case 'crash':
        return this.#restart(step.kind === 'crash');
    }
  }

  /** Lets everything come to rest and reads all there is. */
  async finish(): Promise<void> {
    await Promise.all(this.#producers.map((producer) => producer.settled()));
    await Promise.all(this.#changes);
    await this.world.untilStatus(STREAM, 'ACTIVE');
    while (await this.#follower.step(this.world, 10_000));
    await this.world.close();
  }

  check(): void {
    for (const [place, each] of KEYS.entries()) {
      const seen = this.#follower.seen.filter((text) => text.startsWith(each));
      const numbers = seen.map((text) => Number(text.slice(2)));
      const inOrder = [...new Set(numbers)].sort((a, b) => a - b);
      assert.deepEqual(numbers, inOrder, 'once and in order');
      const missing = this.#producers[place]?.acknowledged.filter((text) => !seen.includes(text));
      assert.deepEqual(missing, [], 'nothing acknowledged is lost');
    }
  }

  async #open(): Promise<void> {
    this.#hold = new CutDisk(this.#disk);
    this.world = await aWorld({ disk: this.#hold, clock: this.#clock });
    this.#slowDown(this.world.engine);
  }

  /** Appends to shards take some turns now and then, so that shards close while they are under way. */
  #slowDown(engine: LogEngine): void {
    const { append } = engine;
    let count = 0;
    engine.append = async (log, ...rest) => {
      if (log.startsWith('control')) return append.call(engine, log, ...rest);
      for (let turn = count++ % 4; turn > 0; turn--) await aTurn();
      return append.call(engine, log, ...rest);
    };
  }

  async #restart(isCrash: boolean): Promise<void> {
    const { world } = this;
    if (isCrash) this.#hold.cut();
    await world.close().catch(() => undefined);
    await Promise.all(this.#producers.map((producer) => producer.settled()));
    await this.#open();
  }

  #openShards(): { ShardId: string; start: bigint; end: bigint }[] {
    const stream = this.world.catalog.state.streams.find('123456789012', 'eu-west-1', STREAM);
    return (stream?.shards ?? [])
      .filter(({ closed }) => closed === undefined)
      .map(({ index, range }) => ({ ShardId: `shardId-${index}`, start: range.start, end: range.end }))
      .sort((a, b) => (a.start < b.start ? -1 : 1));
  }

  #reshard(kind: 'split' | 'merge', place: number, part: number): void {
    const shards = this.#openShards();
    const shard = shards[place % shards.length];
    const neighbour = shards[(place % shards.length) + 1];
    if (kind === 'split' && shard !== undefined && shards.length < SHARDS_MAX) {
      const NewStartingHashKey = `${shard.start + ((shard.end - shard.start) * BigInt(part)) / 16n}`;
      this.#change('SplitShard', { ShardToSplit: shard.ShardId, NewStartingHashKey });
    } else if (kind === 'merge' && shard !== undefined && neighbour !== undefined) {
      this.#change('MergeShards', { ShardToMerge: shard.ShardId, AdjacentShardToMerge: neighbour.ShardId });
    }
  }

  /** May be refused: the stream may be changing already. */
  #change(name: 'SplitShard' | 'MergeShards' | 'UpdateShardCount', rest: object): void {
    const input = { StreamName: STREAM, ...rest };
    this.#changes.push(this.world.call(name, input as never).catch(() => undefined));
  }
}

test('every acknowledged record is read once and in order, whatever becomes of the shards', async () => {
  const run = async (steps: readonly Step[]): Promise<void> => {
    const life = new Run();
    await life.start();
    for (const each of steps) await life.take(each);
    await life.finish();
    life.check();
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), run), {
    numRuns: 1_000,
  });
});
