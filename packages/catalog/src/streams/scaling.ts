import { HASH_KEY_MAX } from '@millrace/core';
import { mergeOf, type Reshape, splitOf } from './resharding.ts';
import type { Shard } from './stream.ts';

/** The ranges that CreateStream would give `count` shards: even, the last one takes the remainder. */
class Tiling {
  readonly #count: number;
  readonly #width: bigint;

  constructor(count: number) {
    this.#count = count;
    this.#width = (HASH_KEY_MAX + 1n) / BigInt(count);
  }

  tileOf(key: bigint): number {
    return Math.min(Number(key / this.#width), this.#count - 1);
  }

  startOf(tile: number): bigint {
    return this.#width * BigInt(tile);
  }
}

/**
 * The next splits and merges on the way to `shardCount` even shards; empty when that is what they are. A shard
 * over several tiles is split at the middle one of their borders, neighbours within one tile are merged; no
 * shard takes part in two. Every reshape sets a border that is wanted or takes away one that is not, so
 * repeating this ends.
 */
export const reshapesTowards = (
  shardCount: number,
  openShards: readonly Shard[],
  countMax: number,
): Reshape[] => {
  const tiling = new Tiling(shardCount);
  const shards = openShards.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
  const reshapes: Reshape[] = [];
  for (let place = 0; place < shards.length && reshapes.length < countMax; place++) {
    const shard = shards[place] as Shard;
    const first = tiling.tileOf(shard.range.start);
    const last = tiling.tileOf(shard.range.end);
    const neighbour = shards[place + 1];
    if (first < last) {
      reshapes.push(splitOf(shard, tiling.startOf((first + last + 1) >>> 1)));
    } else if (neighbour !== undefined && tiling.tileOf(neighbour.range.end) === last) {
      reshapes.push(mergeOf(shard, neighbour));
      place += 1;
    }
  }
  return reshapes;
};
