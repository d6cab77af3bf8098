export type {
  Clock,
  MeterLike,
  MetricDataInput,
  MetricSink,
  MetricUnit,
  Random,
  Setting,
  Timer,
} from '@millrace/client-common';
export {
  Consumer,
  type ConsumerMetrics,
  type ConsumerOptions,
  type ConsumerParts,
  type ConsumerStreams,
} from './consumer.ts';
export { ConsumerError, type ConsumerErrorCode } from './errors.ts';
export type { Activity, ConsumerEvent } from './event.ts';
export {
  AT_TIMESTAMP,
  type Checkpoint,
  compareCheckpoints,
  LATEST,
  SHARD_END,
  TRIM_HORIZON,
} from './leases/checkpoint.ts';
export { DynamoLeaseStore } from './leases/dynamo-lease-store.ts';
export type { FleetStore, FleetView } from './leases/fleet-store.ts';
export type { LeaderRow } from './leases/leader-row.ts';
export { type Lease, type LeaseChange, newLease, type PendingCheckpoint } from './leases/lease.ts';
export type { LeaseStore, UpdateOutcome } from './leases/lease-store.ts';
export { MemoryLeaseStore } from './leases/memory-lease-store.ts';
export type { CpuMeter } from './leases/worker-reporter.ts';
export type { WorkerRow } from './leases/worker-row.ts';
export type { MetricsOptions } from './metrics/metrics-upload.ts';
export { OPERATIONS, type Operation } from './metrics/operations.ts';
export type { ShardProgress } from './metrics/shard-metrics.ts';
export { type CreateConsumerOptions, createConsumer } from './node.ts';
export type { Batch } from './processing/batch-queue.ts';
export type { Checkpointer, PreparedCheckpoint } from './processing/checkpointer.ts';
export type { RecordHandler } from './processing/handler-processor.ts';
export type { PoisonDecision, PoisonedRecords, PoisonPolicy } from './processing/poison.ts';
export type {
  Beginning,
  ProcessorFactory,
  RecordBatch,
  RecordProcessor,
} from './processing/record-processor.ts';
export type { StreamConsumerOptions } from './reading/stream-consumer.ts';
export type {
  IteratorStart,
  RecordsAnswer,
  RecordsEvent,
  StoredRecord,
  StreamConsumerState,
  SubscribeRequest,
  Transport,
} from './reading/transport.ts';
export type { ConsumedRecord } from './reading/user-record.ts';
export { SETTINGS, type Settings } from './settings.ts';
export type { InitialPosition, Shard } from './shards/shard.ts';
export type { StreamIdentity } from './shards/stream-id.ts';
export type { StreamList, StreamOptions, StreamRef } from './shards/stream-options.ts';
export type { Finding, FoundStream, StreamFailure, StreamSource } from './shards/stream-source.ts';
