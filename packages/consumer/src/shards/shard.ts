import type { HashKeyRange } from '@millrace/aggregation';

export interface Shard {
  readonly shardId: string;
  /** One for a part of a split, two for a merge; they may be trimmed away already. */
  readonly parentShardIds: readonly string[];
  readonly range: HashKeyRange;
}

/** Where shards begin that no lease was ever kept for: the oldest record, the next one, or the first since then. */
export type InitialPosition = 'TRIM_HORIZON' | 'LATEST' | Date;
