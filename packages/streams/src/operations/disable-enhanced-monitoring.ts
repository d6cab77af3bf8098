import type { KinesisOperation } from '../deps.ts';
import { metricsMeant } from '../model/shard-metrics.ts';
import { changeEnhancedMonitoring } from './change-enhanced-monitoring.ts';

export const disableEnhancedMonitoring: KinesisOperation<'DisableEnhancedMonitoring'> = (
  input,
  deps,
  context,
) =>
  changeEnhancedMonitoring(
    'streams.disable-shard-metrics.v1',
    input,
    metricsMeant(input.ShardLevelMetrics),
    deps,
    context,
  );
