import { formatSequenceNumber } from '@millrace/core';

/** The starting number of a shard that was made long ago. */
export const startingSequence = (shard: { readonly index: number }): string =>
  formatSequenceNumber({
    shardCreationSeconds: 1_000_000_000,
    shardIndex: shard.index,
    counter: 0n,
    arrivalSeconds: 1_000_000_000,
  });
