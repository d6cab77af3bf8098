import type { Shard, Stream } from './stream.ts';

/** Indexes have gaps once expired shards are gone, so the place in the array is only the first guess. */
export const findShard = ({ shards }: Stream, index: number): Shard | undefined => {
  const guess = shards[index];
  if (guess?.index === index) return guess;
  let low = 0;
  let high = Math.min(index, shards.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shards[middle]?.index ?? index) < index) low = middle + 1;
    else high = middle;
  }
  return shards[low]?.index === index ? shards[low] : undefined;
};

export const openShardsOf = ({ shards }: Stream): Shard[] =>
  shards.filter(({ closed }) => closed === undefined);
