import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { ByteWriter } from './byte-writer.ts';
import { AGGREGATE_PARTITION_KEY, DIGEST_BYTES, ENVELOPE_BYTES, MAGIC, TAG_BYTES, TAGS } from './format.ts';
import { effectiveHashKey, hashKeyText } from './hash-key.ts';
import { fieldBytes, KeyTable } from './key-table.ts';
import type { UserRecord } from './user-record.ts';
import { varintBytes } from './varint.ts';

/** Bytes of an index with its tag; there is none for a record without an explicit hash key. */
const indexBytes = (index: number | undefined): number =>
  index === undefined ? 0 : TAG_BYTES + varintBytes(index);

/**
 * Collects user records for one record. They must belong to one shard, or consumers drop them all. Their
 * data are copied, except the first one's, which may not change before `build`.
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
  readonly #entries = new ByteWriter();
  #first: UserRecord | undefined;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Of the aggregated record's data as it stands; a single record is built without an envelope and is smaller. */
  get bytes(): number {
    return ENVELOPE_BYTES + this.#partitionKeys.bytes + this.#hashKeys.bytes + this.#entries.length;
  }

  /** What `bytes` would be with this record too. */
  bytesAfter({ partitionKey, explicitHashKey, data }: UserRecord): number {
    const keyIndex = this.#partitionKeys.indexOf(partitionKey);
    let bytes = this.bytes + this.#partitionKeys.growth(partitionKey, keyIndex);
    let hashIndex: number | undefined;
    if (explicitHashKey !== undefined) {
      hashIndex = this.#hashKeys.indexOf(explicitHashKey);
      bytes += this.#hashKeys.growth(explicitHashKey, hashIndex);
    }
    return bytes + fieldBytes(indexBytes(keyIndex) + indexBytes(hashIndex) + fieldBytes(data.length));
  }

  /** Takes the record unless `bytes` would then pass `bytesMax`; says whether it did. */
  add(record: UserRecord, bytesMax = Number.POSITIVE_INFINITY): boolean {
    const { partitionKey, explicitHashKey, data } = record;
    const keyIndex = this.#partitionKeys.indexOf(partitionKey);
    const keyGrowth = this.#partitionKeys.growth(partitionKey, keyIndex);
    let hashIndex: number | undefined;
    let hashGrowth = 0;
    if (explicitHashKey !== undefined) {
      hashIndex = this.#hashKeys.indexOf(explicitHashKey);
      hashGrowth = this.#hashKeys.growth(explicitHashKey, hashIndex);
    }
    const content = indexBytes(keyIndex) + indexBytes(hashIndex) + fieldBytes(data.length);
    if (this.bytes + keyGrowth + hashGrowth + fieldBytes(content) > bytesMax) return false;
    this.#partitionKeys.add(partitionKey, keyIndex, keyGrowth);
    if (explicitHashKey !== undefined) this.#hashKeys.add(explicitHashKey, hashIndex ?? 0, hashGrowth);
    this.#write(content, keyIndex, hashIndex, data);
    this.#first ??= record;
    this.#count++;
    return true;
  }

  /** The record to put; a single one as it came. */
  build(): UserRecord {
    assert(this.#first !== undefined, 'an aggregate holds at least one user record');
    if (this.#count === 1) return this.#first;
    const hashKey = effectiveHashKey(this.#first);
    assert(hashKey !== undefined, `${this.#first.explicitHashKey} is no hash key`);
    return {
      partitionKey: AGGREGATE_PARTITION_KEY,
      explicitHashKey: hashKeyText(hashKey),
      data: this.#encode(),
    };
  }

  #write(content: number, keyIndex: number, hashIndex: number | undefined, data: Uint8Array): void {
    const entries = this.#entries;
    entries.reserve(fieldBytes(content));
    entries.byte(TAGS.record);
    entries.varint(content);
    entries.byte(TAGS.partitionKeyIndex);
    entries.varint(keyIndex);
    if (hashIndex !== undefined) {
      entries.byte(TAGS.explicitHashKeyIndex);
      entries.varint(hashIndex);
    }
    entries.byte(TAGS.data);
    entries.content(data);
  }

  #encode(): Uint8Array {
    const target = Buffer.allocUnsafe(this.bytes);
    let at = MAGIC.copy(target);
    at = this.#partitionKeys.copyTo(target, at);
    at = this.#hashKeys.copyTo(target, at);
    at = this.#entries.copyTo(target, at);
    assert.equal(at, target.length - DIGEST_BYTES);
    hash('md5', target.subarray(MAGIC.length, at), 'buffer').copy(target, at);
    return target;
  }
}
