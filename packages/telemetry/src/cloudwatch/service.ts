import type { CloudWatchOperations } from '@millrace/aws-model/cloudwatch';
import { defineService, type ServiceTable } from '@millrace/aws-protocol';
import type { CloudWatchDeps } from './deps.ts';
import { getMetricData } from './operations/get-metric-data.ts';
import { getMetricStatistics } from './operations/get-metric-statistics.ts';
import { listMetrics } from './operations/list-metrics.ts';
import { putMetricData } from './operations/put-metric-data.ts';

/** Every operation of the model, which is AWS's cut down to metric data. */
export const cloudWatchTable: ServiceTable<CloudWatchOperations, CloudWatchDeps> = defineService<
  CloudWatchOperations,
  CloudWatchDeps
>()({
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
});
