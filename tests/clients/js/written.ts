import assert from 'node:assert/strict';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  type _Record as KinesisRecord,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
} from '@aws-sdk/client-kinesis';

export const HASH_KEY_MAX = 2n ** 128n - 1n;
export const SHARD_IDS = [0, 1, 2, 3, 4].map((index) => `shardId-${String(index).padStart(12, '0')}`);
const CALLS_MAX = 200;

/** Where a record went, and what it was. */
export interface Placed {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly record: PutRecordsRequestEntry;
}

/** Where an iterator starts: its type and what belongs to it. */
export type Start = Pick<
  GetShardIteratorCommandInput,
  'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
>;

/** One stream: puts and reads, and remembers what was acknowledged. */
export class Written {
  readonly #client: KinesisClient;
  readonly #streamName: string;
  readonly #placed: Placed[] = [];

  constructor(client: KinesisClient, streamName: string) {
    this.#client = client;
    this.#streamName = streamName;
  }

  #place(
    answer: { ShardId?: string | undefined; SequenceNumber?: string | undefined },
    record: PutRecordsRequestEntry,
  ): Placed {
    const { ShardId: shardId, SequenceNumber: sequenceNumber } = answer;
    assert.ok(shardId !== undefined && sequenceNumber !== undefined, 'the answer says where the record is');
    const placed = { shardId, sequenceNumber, record };
    this.#placed.push(placed);
    return placed;
  }

  async put(record: PutRecordsRequestEntry): Promise<Placed> {
    const command = new PutRecordCommand({ StreamName: this.#streamName, ...record });
    return this.#place(await this.#client.send(command), record);
  }

  async putAll(records: PutRecordsRequestEntry[]): Promise<readonly Placed[]> {
    const command = new PutRecordsCommand({ StreamName: this.#streamName, Records: records });
    const { FailedRecordCount, Records = [] } = await this.#client.send(command);
    assert.equal(FailedRecordCount, 0);
    assert.equal(Records.length, records.length);
    return records.map((record, place) => this.#place(Records[place] ?? {}, record));
  }

  /** What a shard holds, oldest first. */
  in(shardId: string): readonly Placed[] {
    const held = this.#placed.filter((placed) => placed.shardId === shardId);
    return held.sort((a, b) => (BigInt(a.sequenceNumber) < BigInt(b.sequenceNumber) ? -1 : 1));
  }

  async iterator(ShardId: string, start: Start): Promise<string | undefined> {
    const command = new GetShardIteratorCommand({ StreamName: this.#streamName, ShardId, ...start });
    return (await this.#client.send(command)).ShardIterator;
  }

  /** Reads until nothing is behind. */
  async read(iterator: string | undefined, Limit = 10_000): Promise<readonly KinesisRecord[]> {
    const records: KinesisRecord[] = [];
    let ShardIterator = iterator;
    for (let call = 0; call < CALLS_MAX; call += 1) {
      const page = await this.#client.send(new GetRecordsCommand({ ShardIterator, Limit }));
      assert.ok((page.Records ?? []).length <= Limit, 'no more records than asked for');
      records.push(...(page.Records ?? []));
      if (page.MillisBehindLatest === 0) return records;
      ShardIterator = page.NextShardIterator;
    }
    assert.fail(`still behind after ${CALLS_MAX} calls`);
  }

  async readFrom(shardId: string, start: Start): Promise<readonly KinesisRecord[]> {
    return this.read(await this.iterator(shardId, start));
  }

  async shards(): Promise<readonly Shard[]> {
    return (await this.#client.send(new ListShardsCommand({ StreamName: this.#streamName }))).Shards ?? [];
  }
}
