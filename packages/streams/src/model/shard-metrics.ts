import type { MetricsName } from '@millrace/aws-model/kinesis';
import { SHARD_METRICS, type ShardMetric } from '../metrics/metric-names.ts';

/** ALL stands for every metric there is. */
export const metricsMeant = (names: readonly MetricsName[]): readonly string[] =>
  names.includes('ALL') ? Object.keys(SHARD_METRICS) : names;

const isShardMetric = (name: string): name is ShardMetric => Object.hasOwn(SHARD_METRICS, name);

/** Those that a catalog holds, as AWS's names. */
export const shardMetricNames = (names: readonly string[] = []): ShardMetric[] => names.filter(isShardMetric);
