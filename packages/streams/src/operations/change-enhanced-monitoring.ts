import type { EnhancedMonitoringOutput } from '@millrace/aws-model/kinesis';
import type { CallContext } from '@millrace/aws-protocol';
import type { StreamsDeps } from '../deps.ts';
import { findStream, requireStream, type StreamReference } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';
import { shardMetricNames } from '../model/shard-metrics.ts';

type Change = 'streams.enable-shard-metrics.v1' | 'streams.disable-shard-metrics.v1';

/** Current are the metrics from before the call, desired those from now on (cloud formation tools compare them). */
export const changeEnhancedMonitoring = async (
  type: Change,
  reference: StreamReference,
  metrics: readonly string[],
  deps: StreamsDeps,
  context: CallContext,
): Promise<EnhancedMonitoringOutput> => {
  const before = requireStream(reference, deps, context);
  await submit(deps.catalog, { type, id: before.id, metrics }, before);
  const after = findStream(reference, deps, context).stream;
  return {
    StreamName: before.name,
    StreamARN: before.arn,
    CurrentShardLevelMetrics: shardMetricNames(before.shardMetrics),
    DesiredShardLevelMetrics: shardMetricNames(after?.shardMetrics),
  };
};
