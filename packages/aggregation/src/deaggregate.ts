import { decodeAggregate } from './decode-aggregate.ts';
import { covers, effectiveHashKey, type HashKeyRange } from './hash-key.ts';
import type { UserRecord } from './user-record.ts';

export interface DeaggregatedRecord extends UserRecord {
  /** Its place in the record that carried it, from 0. A record that is no aggregate has 0. */
  readonly subSequenceNumber: number;
}

export interface DeaggregateOptions {
  /** Of the shard that the record was read from; without it nothing is checked. */
  readonly range?: HashKeyRange | undefined;
  /**
   * What becomes of an aggregate of which a part belongs elsewhere, as when the shard was split under its producer.
   * `drop`, the default: all of it goes, as in the Java consumer library, since the producer puts it again.
   */
  readonly outside?: 'drop' | 'deliver';
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
const countOutside = (records: readonly UserRecord[], range: HashKeyRange): number => {
  const known = { partitionKey: new Map<string, boolean>(), explicitHashKey: new Map<string, boolean>() };
  let count = 0;
  for (const record of records) {
    const kind = record.explicitHashKey === undefined ? 'partitionKey' : 'explicitHashKey';
    const key = record[kind] ?? '';
    let isInside = known[kind].get(key);
    if (isInside === undefined) {
      const hashKey = effectiveHashKey(record);
      isInside = hashKey !== undefined && covers(range, hashKey);
      known[kind].set(key, isInside);
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
  { range, outside = 'drop' }: DeaggregateOptions = {},
): Deaggregation => {
  const records = decodeAggregate(data);
  if (records === undefined) {
    const alone = { partitionKey, data, subSequenceNumber: 0 };
    return { isAggregate: false, records: [alone], outsideCount: 0, droppedCount: 0 };
  }
  const outsideCount = range === undefined ? 0 : countOutside(records, range);
  if (outsideCount > 0 && outside === 'drop') {
    return { isAggregate: true, records: [], outsideCount, droppedCount: records.length };
  }
  const numbered = records.map((record, subSequenceNumber) => ({ ...record, subSequenceNumber }));
  return { isAggregate: true, records: numbered, outsideCount, droppedCount: 0 };
};
