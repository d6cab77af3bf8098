import { openShardsOf, type Shard, type Stream, type StreamId } from '@millrace/catalog';
import {
  HASH_KEY_MAX,
  type HashKey,
  type Md5Words,
  md5,
  parseHashKey,
  type ShardId,
  shardIdOf,
} from '@millrace/core';
import type { LogId } from '@millrace/log';
import { invalidExplicitHashKey } from './errors.ts';
import { shardLogOf } from './shard-log.ts';

/** An open shard with all that writing to it needs. */
export interface Route {
  readonly shard: Shard;
  readonly shardId: ShardId;
  readonly log: LogId;
}

const wordsOf = (key: HashKey): Md5Words => [
  Number(key >> 96n),
  Number((key >> 64n) & 0xffff_ffffn),
  Number((key >> 32n) & 0xffff_ffffn),
  Number(key & 0xffff_ffffn),
];

/**
 * Finds the open shard for a hash key. Keys are compared as the digest's four words: a record is routed without
 * making a big integer.
 */
export class Routing {
  readonly routes: readonly Route[];
  /** Where the routes' ranges start: four words each, the most significant first. */
  readonly #starts: Uint32Array;
  #turn = 0;

  constructor(stream: StreamId, openShards: readonly Shard[]) {
    const shards = openShards.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
    let next = 0n;
    for (const { range } of shards) {
      if (range.start !== next) throw new Error(`open shards of ${stream} leave a gap or overlap at ${next}`);
      next = range.end + 1n;
    }
    if (next !== HASH_KEY_MAX + 1n) throw new Error(`open shards of ${stream} end at ${next}`);
    this.routes = shards.map((shard) => ({
      shard,
      shardId: shardIdOf(shard.index),
      log: shardLogOf(stream, shard),
    }));
    this.#starts = Uint32Array.from(shards.flatMap(({ range }) => wordsOf(range.start)));
  }

  forPartitionKey(partitionKey: string): Route {
    return this.#at(md5(partitionKey));
  }

  /** Each shard in its turn. */
  forNoKey(): Route {
    const route = this.routes[this.#turn];
    if (route === undefined) throw new Error('no open shard');
    this.#turn = (this.#turn + 1) % this.routes.length;
    return route;
  }

  forHashKey(key: HashKey): Route {
    return this.#at(wordsOf(key));
  }

  #at(key: Md5Words): Route {
    let low = 0;
    let high = this.routes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#startsAfter(middle, key)) high = middle - 1;
      else low = middle;
    }
    const route = this.routes[low];
    if (route === undefined) throw new Error('no open shard');
    return route;
  }

  #startsAfter(index: number, key: Md5Words): boolean {
    const at = index * 4;
    for (let word = 0; word < 4; word++) {
      const start = this.#starts[at + word] ?? 0;
      const wanted = key[word] ?? 0;
      if (start !== wanted) return start > wanted;
    }
    return false;
  }
}

/** A stream's shards are one array until one of them changes. */
const routings = new WeakMap<readonly Shard[], Routing>();

const routingOf = (stream: Stream): Routing => {
  const known = routings.get(stream.shards);
  if (known !== undefined) return known;
  const routing = new Routing(stream.id, openShardsOf(stream));
  routings.set(stream.shards, routing);
  return routing;
};

/** Which shard takes a record of the stream. */
export type Router = (partitionKey: string, explicitHashKey: string | undefined) => Route;

/** With the distribution AUTO neither key counts. */
export const routerOf = (stream: Stream): Router => {
  const routing = routingOf(stream);
  if (stream.recordDistribution === 'AUTO') return () => routing.forNoKey();
  return (partitionKey, explicitHashKey) => routeFor(routing, partitionKey, explicitHashKey);
};

/** Where a record goes: by its explicit hash key if it has one, else by its partition key. */
export const routeFor = (
  routing: Routing,
  partitionKey: string,
  explicitHashKey: string | undefined,
): Route => {
  if (explicitHashKey === undefined) return routing.forPartitionKey(partitionKey);
  const key = parseHashKey(explicitHashKey);
  if (key === undefined) throw invalidExplicitHashKey(explicitHashKey);
  return routing.forHashKey(key);
};
