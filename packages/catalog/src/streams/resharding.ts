import type { HashKey, HashKeyRange, Position } from '@millrace/core';
import type { Shard, Stream } from './stream.ts';

/** A split (one parent, two ranges) or a merge (two parents, one range); the lower range first. */
export interface Reshape {
  readonly parents: readonly number[];
  readonly ranges: readonly HashKeyRange[];
}

/** The upper child starts at `at`. */
export const splitOf = ({ index, range: { start, end } }: Shard, at: bigint): Reshape => ({
  parents: [index],
  ranges: [
    { start, end: (at - 1n) as HashKey },
    { start: at as HashKey, end },
  ],
});

export const mergeOf = (lower: Shard, upper: Shard): Reshape => ({
  parents: [lower.index, upper.index],
  ranges: [{ start: lower.range.start, end: upper.range.end }],
});

/**
 * What shards of an UPDATING stream are becoming. From the moment it stands here the parents take no new
 * records; their children exist once the parents' ends are known (`streams.close-shards.v1`).
 */
export interface Resharding {
  readonly reshapes: readonly Reshape[];
  /** Open shards to end with, where more reshapes follow these. */
  readonly shardCount?: number;
}

/** A child before it exists: its index is settled, so that its log can be made. */
export type ComingShard = Pick<Shard, 'index' | 'range' | 'parents'>;

const NONE: ReadonlySet<number> = new Set();
const closingSets = new WeakMap<Resharding, ReadonlySet<number>>();

/** Indexes of the open shards that take no new records. */
export const closingShardsOf = ({ resharding }: Stream): ReadonlySet<number> => {
  if (resharding === undefined) return NONE;
  const known = closingSets.get(resharding);
  if (known !== undefined) return known;
  const closing = new Set(resharding.reshapes.flatMap(({ parents }) => parents));
  closingSets.set(resharding, closing);
  return closing;
};

export const comingShardsOf = ({ resharding, shards }: Stream): ComingShard[] => {
  // The shard with the highest index is always there: it is open, or nobody's parent yet.
  const next = (shards.at(-1)?.index ?? -1) + 1;
  const coming = resharding?.reshapes.flatMap(({ parents, ranges }) =>
    ranges.map((range) => ({ range, parents })),
  );
  return (coming ?? []).map((shard, place) => ({ ...shard, index: next + place }));
};

/** The shards with the parents closed at their ends, and their children. */
export const reshardedShards = (
  stream: Stream,
  ends: ReadonlyMap<number, Position>,
  atMs: number,
): Shard[] => {
  const shards = stream.shards.map((shard) => {
    const end = ends.get(shard.index);
    return end === undefined ? shard : { ...shard, closed: { atMs, end } };
  });
  const children = comingShardsOf(stream).map((child) => ({ ...child, createdAtMs: atMs }));
  return [...shards, ...children];
};
