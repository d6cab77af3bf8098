import type { StreamId } from './stream.ts';

/** Metrics of each shard from now on, by AWS's names; those that are kept already stay. */
interface EnableShardMetrics {
  readonly type: 'streams.enable-shard-metrics.v1';
  readonly id: StreamId;
  readonly metrics: readonly string[];
}

interface DisableShardMetrics {
  readonly type: 'streams.disable-shard-metrics.v1';
  readonly id: StreamId;
  readonly metrics: readonly string[];
}

export type MonitoringCommand = EnableShardMetrics | DisableShardMetrics;
