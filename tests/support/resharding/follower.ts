import assert from 'node:assert/strict';
import type { _Record, ChildShard } from '@aws-sdk/client-kinesis';

/** The records of one shard from its beginning, as they come; at the end of a closed shard its children. */
export type ReadShard = (
  shardId: string,
) => AsyncGenerator<readonly _Record[], readonly ChildShard[], undefined>;

export interface Received {
  /** Shard and sequence number. */
  readonly place: string;
  readonly key: string;
  readonly text: string;
}

export const placeOf = (shardId = '', sequenceNumber = ''): string => `${shardId} ${sequenceNumber}`;

/** Partition key of the last record of a shard that stays open: behind it a follower does not wait for more. */
export const LAST = 'last';

/** Follows a stream as KCL does: each shard from its beginning, a child when all its parents are at their end. */
export class Follower {
  readonly received: Received[] = [];
  readonly #readShard: ReadShard;
  readonly #begun = new Set<string>();
  readonly #done = new Set<string>();

  constructor(readShard: ReadShard) {
    this.#readShard = readShard;
  }

  get shards(): readonly string[] {
    return [...this.#begun].sort();
  }

  /** Resolves when every shard is at its end or its last record, and so are all that came of it. */
  async follow(shardId: string): Promise<void> {
    assert.ok(!this.#begun.has(shardId), `${shardId} is read twice`);
    this.#begun.add(shardId);
    const reading = this.#readShard(shardId);
    for (;;) {
      const { value, done } = await reading.next();
      if (done) return this.#goOn(shardId, value);
      if (!this.#take(shardId, value)) continue;
      await reading.return([]);
      return;
    }
  }

  /** Says whether the last record of all has come. */
  #take(shardId: string, records: readonly _Record[]): boolean {
    for (const [index, { SequenceNumber, PartitionKey: key = '', Data = [] }] of records.entries()) {
      if (key === LAST) {
        assert.equal(index, records.length - 1, `${shardId} has records behind its last`);
        return true;
      }
      const text = Buffer.from(Data).toString();
      assert.ok(text.startsWith(`${key}:`), `${text} came under ${key}`);
      this.received.push({ place: placeOf(shardId, SequenceNumber), key, text });
    }
    return false;
  }

  async #goOn(shardId: string, children: readonly ChildShard[]): Promise<void> {
    this.#done.add(shardId);
    assert.ok(children.length > 0, `${shardId} ends without children`);
    const ready = children.filter(({ ParentShards = [] }) => {
      assert.ok(ParentShards.includes(shardId), `${ParentShards} are not ${shardId}`);
      return ParentShards.every((parent) => this.#done.has(parent));
    });
    await Promise.all(ready.map(({ ShardId = '' }) => this.follow(ShardId)));
  }
}
