import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { AGGREGATE_PARTITION_KEY, DIGEST_BYTES, ENVELOPE_BYTES, MAGIC, TAG_BYTES, TAGS } from './format.ts';
import { effectiveHashKey, hashKeyText } from './hash-key.ts';
import { fieldBytes, KeyTable } from './key-table.ts';
import type { UserRecord } from './user-record.ts';
import { varintBytes, writeVarint } from './varint.ts';

interface Entry {
  readonly partitionKeyIndex: number;
  /** Undefined: the record has no explicit hash key. */
  readonly hashKeyIndex: number | undefined;
  readonly data: Uint8Array;
}

/** What one more record adds. */
interface Cost {
  readonly entry: Entry;
  readonly partitionKeyGrowth: number;
  readonly hashKeyGrowth: number;
  readonly bytes: number;
}

const indexBytes = (index: number | undefined): number =>
  index === undefined ? 0 : TAG_BYTES + varintBytes(index);

const contentBytes = ({ partitionKeyIndex, hashKeyIndex, data }: Entry): number =>
  indexBytes(partitionKeyIndex) + indexBytes(hashKeyIndex) + fieldBytes(data.length);

const writeEntry = (target: Buffer, entry: Entry, offset: number): number => {
  let at = offset;
  target[at++] = TAGS.record;
  at = writeVarint(target, contentBytes(entry), at);
  target[at++] = TAGS.partitionKeyIndex;
  at = writeVarint(target, entry.partitionKeyIndex, at);
  if (entry.hashKeyIndex !== undefined) {
    target[at++] = TAGS.explicitHashKeyIndex;
    at = writeVarint(target, entry.hashKeyIndex, at);
  }
  target[at++] = TAGS.data;
  at = writeVarint(target, entry.data.length, at);
  target.set(entry.data, at);
  return at + entry.data.length;
};

/**
 * Collects user records for one record. They must belong to one shard, or consumers drop them all; and their
 * data may not change before `build`, which copies it.
 *
 * ```ts
 * const aggregate = new AggregateBuilder();
 * for (const record of records) if (!aggregate.add(record, 51_200)) break;
 * const { partitionKey, explicitHashKey, data } = aggregate.build();
 * ```
 */
export class AggregateBuilder {
  readonly #partitionKeys = new KeyTable(TAGS.partitionKeyTable);
  readonly #hashKeys = new KeyTable(TAGS.explicitHashKeyTable);
  readonly #entries: Entry[] = [];
  #first: UserRecord | undefined;
  #entriesBytes = 0;

  get count(): number {
    return this.#entries.length;
  }

  /** Of the aggregated record's data as it stands; a single record is built without an envelope and is smaller. */
  get bytes(): number {
    return ENVELOPE_BYTES + this.#partitionKeys.bytes + this.#hashKeys.bytes + this.#entriesBytes;
  }

  /** What `bytes` would be with this record too. */
  bytesAfter(record: UserRecord): number {
    return this.bytes + this.#cost(record).bytes;
  }

  /** Takes the record unless `bytes` would then pass `bytesMax`; says whether it did. */
  add(record: UserRecord, bytesMax = Number.POSITIVE_INFINITY): boolean {
    const { entry, partitionKeyGrowth, hashKeyGrowth, bytes } = this.#cost(record);
    if (this.bytes + bytes > bytesMax) return false;
    this.#partitionKeys.add(record.partitionKey, entry.partitionKeyIndex, partitionKeyGrowth);
    this.#hashKeys.add(record.explicitHashKey ?? '', entry.hashKeyIndex ?? 0, hashKeyGrowth);
    this.#entriesBytes += bytes - partitionKeyGrowth - hashKeyGrowth;
    this.#entries.push(entry);
    this.#first ??= record;
    return true;
  }

  /** The record to put; a single one as it came. */
  build(): UserRecord {
    assert(this.#first !== undefined, 'an aggregate holds at least one user record');
    if (this.#entries.length === 1) return this.#first;
    const hashKey = effectiveHashKey(this.#first);
    assert(hashKey !== undefined, `${this.#first.explicitHashKey} is no hash key`);
    return {
      partitionKey: AGGREGATE_PARTITION_KEY,
      explicitHashKey: hashKeyText(hashKey),
      data: this.#encode(),
    };
  }

  #cost({ partitionKey, explicitHashKey, data }: UserRecord): Cost {
    const partitionKeyIndex = this.#partitionKeys.indexOf(partitionKey);
    const partitionKeyGrowth = this.#partitionKeys.growth(partitionKey, partitionKeyIndex);
    let hashKeyIndex: number | undefined;
    let hashKeyGrowth = 0;
    if (explicitHashKey !== undefined) {
      hashKeyIndex = this.#hashKeys.indexOf(explicitHashKey);
      hashKeyGrowth = this.#hashKeys.growth(explicitHashKey, hashKeyIndex);
    }
    const entry = { partitionKeyIndex, hashKeyIndex, data };
    const bytes = partitionKeyGrowth + hashKeyGrowth + fieldBytes(contentBytes(entry));
    return { entry, partitionKeyGrowth, hashKeyGrowth, bytes };
  }

  #encode(): Uint8Array {
    const target = Buffer.allocUnsafe(this.bytes);
    let at = MAGIC.copy(target);
    at = this.#partitionKeys.write(target, at);
    at = this.#hashKeys.write(target, at);
    for (const entry of this.#entries) at = writeEntry(target, entry, at);
    assert.equal(at, target.length - DIGEST_BYTES);
    hash('md5', target.subarray(MAGIC.length, at), 'buffer').copy(target, at);
    return target;
  }
}
