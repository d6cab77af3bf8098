import { decodeAggregate } from './decode-aggregate.ts';
import { covers, effectiveHashKey, type HashKeyRange } from './hash-key.ts';
import type { UserRecord } from './user-record.ts';

export interface DeaggregatedRecord extends UserRecord {
  /** Its place in the record that carried it, from 0. A record that is no aggregate has 0. */
  readonly subSequenceNumber: number;
}

/** Whether keys lie inside a range, as far as it was worked out: hashing a key costs more than its record does. */
export interface KnownKeys {
  readonly partitionKeys: Map<string, boolean>;
  readonly hashKeys: Map<string, boolean>;
}

/** For one range, and as many records as may be kept in memory together: it only grows. */
export const knownKeys = (): KnownKeys => ({ partitionKeys: new Map(), hashKeys: new Map() });

export interface DeaggregateOptions {
  /** Of the shard that the record was read from; without it nothing is checked. */
  readonly range?: HashKeyRange | undefined;
  /**
   * What becomes of an aggregate of which a part belongs elsewhere, as when the shard was split under its producer.
   * `drop`, the default: all of it goes, as in the Java consumer library, since the producer puts it again.
   */
  readonly outside?: 'drop' | 'deliver';
  /** The same one for records of the same range makes work less where keys come again. */
  readonly known?: KnownKeys | undefined;
}

export interface Deaggregation {
  readonly isAggregate: boolean;
  readonly records: readonly DeaggregatedRecord[];
  /** User records that lie outside the range, delivered or not. */
  readonly outsideCount: number;
  /** User records that were left out: all of the aggregate's, or none. */
  readonly droppedCount: number;
}

/** Aggregates share few keys among many records, and a key may be long. */
const countOutside = (
  records: readonly UserRecord[],
  range: HashKeyRange,
  { partitionKeys, hashKeys }: KnownKeys,
): number => {
  let count = 0;
  for (const record of records) {
    const known = record.explicitHashKey === undefined ? partitionKeys : hashKeys;
    const key = record.explicitHashKey ?? record.partitionKey;
    let isInside = known.get(key);
    if (isInside === undefined) {
      const hashKey = effectiveHashKey(record);
      isInside = hashKey !== undefined && covers(range, hashKey);
      known.set(key, isInside);
    }
    if (!isInside) count++;
  }
  return count;
};

/**
 * The user records that a record carries, in the order in which they were put; a record that is no aggregate is
 * its own only user record, untouched. Data are views of the record's.
 *
 * ```ts
 * for (const { partitionKey, data, subSequenceNumber } of deaggregate(record, { range }).records) …
 * ```
 */
export const deaggregate = (
  { partitionKey, data }: Pick<UserRecord, 'partitionKey' | 'data'>,
  { range, outside = 'drop', known = knownKeys() }: DeaggregateOptions = {},
): Deaggregation => {
  const records = decodeAggregate(data);
  if (records === undefined) {
    const alone = { partitionKey, data, subSequenceNumber: 0 };
    return { isAggregate: false, records: [alone], outsideCount: 0, droppedCount: 0 };
  }
  const outsideCount = range === undefined ? 0 : countOutside(records, range, known);
  if (outsideCount > 0 && outside === 'drop') {
    return { isAggregate: true, records: [], outsideCount, droppedCount: records.length };
  }
  const numbered = records.map((record, subSequenceNumber) => ({ ...record, subSequenceNumber }));
  return { isAggregate: true, records: numbered, outsideCount, droppedCount: 0 };
};
