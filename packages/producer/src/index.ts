export type { UserRecord } from '@millrace/aggregation';
export type {
  Clock,
  MeterLike,
  MetricDataInput,
  MetricSink,
  MetricUnit,
  Setting,
  Timer,
} from '@millrace/client-common';
export {
  ATTEMPT_CODES,
  type Attempt,
  ProducerError,
  type ProducerErrorCode,
} from './errors.ts';
export { METRICS, type MetricName } from './metrics/metric-table.ts';
export type { Measured } from './metrics/metrics.ts';
export { type CreateProducerOptions, createProducer } from './node.ts';
export type { Admitted, PutResult } from './pending-record.ts';
export { Producer, type ProducerOptions, type ProducerParts } from './producer.ts';
export type { PutOutcome } from './put-all.ts';
export {
  type MetricsGranularity,
  type MetricsLevel,
  SETTINGS,
  type Settings,
} from './settings.ts';
export type { EntryAnswer, OpenShard, Transport } from './transport.ts';
