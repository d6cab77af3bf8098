/** What AWS gives an on-demand stream to begin with, and never takes away. */
export const ON_DEMAND_SHARDS_MIN = 4;

export interface Occupancy {
  readonly openShardCount: number;
  /** The busiest moment of the last 30 days, in shards that it filled. */
  readonly peakShards: number;
  /** Shards that somebody asked to have at once. */
  readonly warmShards: number;
  /** Shards that a stream gets on its own at the most. */
  readonly shardsMax: number;
}

/**
 * The shards that an on-demand stream should go on to: room for twice its peak. It doubles or halves at the
 * most, and gives shards up only when it needs no more than half of them, so that it does not swing.
 */
export const wantedShards = ({ openShardCount, peakShards, warmShards, shardsMax }: Occupancy): number => {
  const forPeak = Math.min(Math.ceil(2 * peakShards), shardsMax);
  const wanted = Math.max(ON_DEMAND_SHARDS_MIN, forPeak, warmShards);
  if (wanted > openShardCount) return Math.min(wanted, 2 * openShardCount);
  if (wanted > openShardCount / 2) return openShardCount;
  return Math.max(wanted, Math.ceil(openShardCount / 2));
};
