import type { HashKey } from '@millrace/core';
import type { Resharding } from './resharding.ts';

/** `[parents, [[start, end], …]]`; hash keys in hex. */
type ReshapeSnapshot = readonly [
  parents: readonly number[],
  ranges: readonly (readonly [start: string, end: string])[],
];

export interface ReshardingSnapshot {
  readonly reshapes: readonly ReshapeSnapshot[];
  readonly shardCount?: number;
}

const hashKeyOf = (hex: string): HashKey => BigInt(`0x${hex}`) as HashKey;

export const reshardingToSnapshot = ({ reshapes, shardCount }: Resharding): ReshardingSnapshot => ({
  reshapes: reshapes.map(({ parents, ranges }) => [
    parents,
    ranges.map(({ start, end }) => [start.toString(16), end.toString(16)]),
  ]),
  ...(shardCount === undefined ? {} : { shardCount }),
});

export const reshardingFromSnapshot = ({ reshapes, shardCount }: ReshardingSnapshot): Resharding => ({
  reshapes: reshapes.map(([parents, ranges]) => ({
    parents,
    ranges: ranges.map(([start, end]) => ({ start: hashKeyOf(start), end: hashKeyOf(end) })),
  })),
  ...(shardCount === undefined ? {} : { shardCount }),
});
