import assert from 'node:assert/strict';
import {
  type KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { AggregateBuilder } from '@millrace/aggregation';
import type { Place } from './kcl-event.ts';

interface Given {
  readonly key: string;
  readonly data: string;
}

/** A user record as consumers of its shard should see it. */
export interface Written extends Place, Given {}

/** Writes to one stream and knows what a consumer of each shard should see. */
export class WrittenStream {
  readonly name: string;
  readonly #kinesis: KinesisClient;
  readonly #byShard = new Map<string, Written[]>();

  constructor(kinesis: KinesisClient, name: string) {
    this.#kinesis = kinesis;
    this.name = name;
  }

  get shards(): readonly string[] {
    return [...this.#byShard.keys()];
  }

  /** In the order in which they were put. */
  of(shard: string): readonly Written[] {
    return this.#byShard.get(shard) ?? [];
  }

  get size(): number {
    return this.shards.reduce((sum, shard) => sum + this.of(shard).length, 0);
  }

  async put(given: Given): Promise<void> {
    const record = { PartitionKey: given.key, Data: Buffer.from(given.data) };
    const answer = await this.#kinesis.send(new PutRecordCommand({ StreamName: this.name, ...record }));
    this.#note(answer.ShardId, answer.SequenceNumber, [given]);
  }

  /** In one request; each must have another key, since the service keeps no order in a request. */
  async putAll(records: readonly Given[]): Promise<void> {
    const Records = records.map(({ key, data }) => ({ PartitionKey: key, Data: Buffer.from(data) }));
    const answer = await this.#kinesis.send(new PutRecordsCommand({ StreamName: this.name, Records }));
    for (const [index, given] of records.entries()) {
      const { ErrorCode, ShardId, SequenceNumber } = answer.Records?.[index] ?? {};
      assert.equal(ErrorCode, undefined);
      this.#note(ShardId, SequenceNumber, [given]);
    }
  }

  /** As a producer that aggregates: many user records in one record, all of one shard. */
  async putAggregate(shard: string, records: readonly Given[]): Promise<void> {
    const start = await this.#startOf(shard);
    const builder = new AggregateBuilder();
    for (const { key, data } of records)
      builder.add({ partitionKey: key, explicitHashKey: start, data: Buffer.from(data) });
    const { partitionKey, explicitHashKey, data } = builder.build();
    const record = { PartitionKey: partitionKey, ExplicitHashKey: explicitHashKey, Data: data };
    const answer = await this.#kinesis.send(new PutRecordCommand({ StreamName: this.name, ...record }));
    assert.equal(answer.ShardId, shard);
    this.#note(shard, answer.SequenceNumber, records);
  }

  async #startOf(shard: string): Promise<string | undefined> {
    const { Shards = [] } = await this.#kinesis.send(new ListShardsCommand({ StreamName: this.name }));
    return Shards.find(({ ShardId }) => ShardId === shard)?.HashKeyRange?.StartingHashKey;
  }

  /** The user records of one record. */
  #note(shard = '', sequenceNumber = '', users: readonly Given[]): void {
    const written = this.#byShard.get(shard) ?? [];
    this.#byShard.set(shard, written);
    for (const [subSequenceNumber, { key, data }] of users.entries())
      written.push({ sequenceNumber, subSequenceNumber, key, data });
  }
}
