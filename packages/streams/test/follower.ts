import assert from 'node:assert/strict';
import type { aWorld } from './world.ts';

type World = Awaited<ReturnType<typeof aWorld>>;

/**
 * Reads a stream as KCL does: a shard's children only after all of its parents, each shard from its beginning to
 * its end. Outlives the worlds it reads: its iterators stay good.
 */
export class Follower {
  readonly seen: string[] = [];
  readonly #stream: string;
  readonly #reading = new Map<string, string>();
  readonly #done = new Set<string>();
  /** Children that are known, with their parents. */
  readonly #coming = new Map<string, readonly string[]>();

  constructor(stream: string) {
    this.#stream = stream;
  }

  /** Once, while the stream has its first shards. */
  async start(world: World): Promise<void> {
    const { Shards = [] } = await world.call('ListShards', { StreamName: this.#stream });
    for (const { ShardId, ParentShardId } of Shards) {
      assert.equal(ParentShardId, undefined);
      await this.#begin(world, ShardId);
    }
  }

  /** One GetRecords of each shard; says whether anything came of it. */
  async step(world: World, Limit: number): Promise<boolean> {
    let hasMoved = false;
    for (const [shardId, ShardIterator] of [...this.#reading]) {
      const answer = await world.call('GetRecords', { ShardIterator, Limit });
      for (const { Data } of answer.Records) this.seen.push(Buffer.from(Data).toString());
      const isEnd = answer.NextShardIterator === undefined;
      assert.equal(isEnd, (answer.ChildShards ?? []).length > 0, 'children exactly at the end');
      hasMoved ||= isEnd || answer.Records.length > 0;
      if (answer.NextShardIterator !== undefined) this.#reading.set(shardId, answer.NextShardIterator);
      else await this.#end(world, shardId, answer.ChildShards ?? []);
    }
    return hasMoved;
  }

  async #end(
    world: World,
    shardId: string,
    children: readonly { readonly ShardId: string; readonly ParentShards: readonly string[] }[],
  ): Promise<void> {
    this.#reading.delete(shardId);
    this.#done.add(shardId);
    for (const { ShardId, ParentShards } of children) {
      assert.ok(ParentShards.includes(shardId));
      this.#coming.set(ShardId, ParentShards);
    }
    for (const [child, parents] of [...this.#coming]) {
      if (parents.every((parent) => this.#done.has(parent))) await this.#begin(world, child);
    }
  }

  async #begin(world: World, shardId: string): Promise<void> {
    this.#coming.delete(shardId);
    this.#reading.set(shardId, await world.iteratorOf(this.#stream, { ShardId: shardId }));
  }
}
