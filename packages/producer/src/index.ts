export type { UserRecord } from '@millrace/aggregation';
export type { Clock, Timer } from './clock.ts';
export {
  ATTEMPT_CODES,
  type Attempt,
  ProducerError,
  type ProducerErrorCode,
} from './errors.ts';
export { METRICS, type MetricName, type MetricUnit } from './metrics/metric-table.ts';
export type { MetricDataInput, MetricSink } from './metrics/metric-upload.ts';
export type { Measured } from './metrics/metrics.ts';
export type { MeterLike } from './metrics/open-telemetry.ts';
export { type CreateProducerOptions, createProducer } from './node.ts';
export type { Admitted, PutResult } from './pending-record.ts';
export { Producer, type ProducerOptions, type ProducerParts } from './producer.ts';
export type { PutOutcome } from './put-all.ts';
export {
  type MetricsGranularity,
  type MetricsLevel,
  SETTINGS,
  type Setting,
  type Settings,
} from './settings.ts';
export type { EntryAnswer, OpenShard, Transport } from './transport.ts';
