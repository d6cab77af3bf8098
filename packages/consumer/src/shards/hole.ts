import type { HashKeyRange } from '@millrace/aggregation';
import { isShardEnd } from '../leases/checkpoint.ts';
import type { Lease } from '../leases/lease.ts';

const SPACE = 1n << 128n;

const numbersOf = ({ start, end }: HashKeyRange): readonly [bigint, bigint] => [
  BigInt(`0x${start}`),
  BigInt(`0x${end}`),
];

/**
 * The first part of the hash key space that no unfinished lease covers, as text; undefined when there is none, or
 * when a lease does not tell its range.
 */
export const firstHole = (leases: readonly Lease[]): string | undefined => {
  const active = leases.filter(({ checkpoint }) => !isShardEnd(checkpoint));
  const ranges = active.flatMap(({ range }) => (range === undefined ? [] : [numbersOf(range)]));
  if (ranges.length < active.length) return undefined;
  ranges.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let covered = 0n;
  for (const [start, end] of ranges) {
    if (start > covered) return `${covered}-${start - 1n}`;
    if (end >= covered) covered = end + 1n;
  }
  return covered < SPACE ? `${covered}-${SPACE - 1n}` : undefined;
};
