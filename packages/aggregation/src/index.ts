export { AggregateBuilder } from './aggregate-builder.ts';
export {
  type DeaggregatedRecord,
  type DeaggregateOptions,
  type Deaggregation,
  deaggregate,
} from './deaggregate.ts';
export { decodeAggregate } from './decode-aggregate.ts';
export { AGGREGATE_PARTITION_KEY } from './format.ts';
export {
  covers,
  effectiveHashKey,
  type HashKey,
  type HashKeyRange,
  hashKeyOf,
  hashKeyText,
  parseHashKey,
} from './hash-key.ts';
export type { UserRecord } from './user-record.ts';
