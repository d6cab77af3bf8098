export * from './arn.ts';
export type { Brand } from './brand.ts';
export * from './data-key-id.ts';
export * from './hash-key.ts';
export * from './limits.ts';
export { type Md5Words, md5 } from './md5.ts';
export { MemoryDisk } from './memory-disk.ts';
export type { Clock, Timer } from './ports/clock.ts';
export {
  type Disk,
  DiskError,
  type DiskErrorCode,
  type DiskFile,
  DURABLE_BLOCK_BYTES,
  type OpenOptions,
} from './ports/disk.ts';
export {
  KeyError,
  type KeyErrorCode,
  type KeyPurpose,
  type KeyRequest,
  type KeyService,
  type WrappedDataKey,
} from './ports/key-service.ts';
export {
  type Measure,
  type MeasuredUnit,
  type Meter,
  type MetricIdentity,
  silentMeter,
} from './ports/meter.ts';
export type { Random } from './ports/random.ts';
export * from './position.ts';
export * from './sequence-number.ts';
export * from './shard-id.ts';
