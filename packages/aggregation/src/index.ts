export { AggregateBuilder } from './aggregate-builder.ts';
export {
  type DeaggregatedRecord,
  type DeaggregateOptions,
  type Deaggregation,
  deaggregate,
  type KnownKeys,
  knownKeys,
} from './deaggregate.ts';
export { decodeAggregate } from './decode-aggregate.ts';
export { AGGREGATE_PARTITION_KEY } from './format.ts';
export {
  covers,
  effectiveHashKey,
  effectivePrefix,
  type HashKey,
  type HashKeyRange,
  hashKeyOf,
  hashKeyText,
  parseHashKey,
  prefixOf,
} from './hash-key.ts';
export type { UserRecord } from './user-record.ts';
