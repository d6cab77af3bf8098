import type { KinesisOperation } from '../deps.ts';
import { metricsMeant } from '../model/shard-metrics.ts';
import { changeEnhancedMonitoring } from './change-enhanced-monitoring.ts';

export const enableEnhancedMonitoring: KinesisOperation<'EnableEnhancedMonitoring'> = (
  input,
  deps,
  context,
) =>
  changeEnhancedMonitoring(
    'streams.enable-shard-metrics.v1',
    input,
    metricsMeant(input.ShardLevelMetrics),
    deps,
    context,
  );
