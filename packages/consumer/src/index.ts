export type { Clock, Random, Timer } from './clock.ts';
export { Consumer, type ConsumerOptions, type ConsumerParts } from './consumer.ts';
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
export { type Lease, type LeaseChange, newLease, type PendingCheckpoint } from './leases/lease.ts';
export type { LeaseStore, UpdateOutcome } from './leases/lease-store.ts';
export { MemoryLeaseStore } from './leases/memory-lease-store.ts';
export { type CreateConsumerOptions, createConsumer } from './node.ts';
export type { Batch } from './processing/batch-queue.ts';
export type { Checkpointer, PreparedCheckpoint } from './processing/checkpointer.ts';
export type { RecordHandler } from './processing/handler-processor.ts';
export type { PoisonDecision, PoisonedRecords, PoisonPolicy } from './processing/poison.ts';
export type { Beginning, RecordBatch, RecordProcessor } from './processing/record-processor.ts';
export type { IteratorStart, RecordsAnswer, StoredRecord, Transport } from './reading/transport.ts';
export type { ConsumedRecord } from './reading/user-record.ts';
export { SETTINGS, type Setting, type Settings } from './settings.ts';
export type { InitialPosition, Shard } from './shards/shard.ts';
