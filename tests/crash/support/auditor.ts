import assert from 'node:assert/strict';
import { call } from '../../support/raw-call.ts';
import type { Chance } from '../../support/resharding/chance.ts';
import type { Ledger, Shard, StoredRecord } from './ledger.ts';

interface Page {
  readonly Records: readonly StoredRecord[];
  readonly NextShardIterator?: string;
  readonly MillisBehindLatest: number;
}

/** Where a consumer stands in a shard: it kept the last number it has seen and the iterator it was given. */
interface Checkpoint {
  readonly lastNumber: string | undefined;
  /** Undefined at the end of a closed shard. */
  readonly iterator: string | undefined;
}

/** Reads what has come since, as a consumer does that goes on where it stood; at the end once more all of it. */
export class Auditor {
  readonly #ledger: Ledger;
  readonly #chance: Chance;
  readonly #checkpoints = new Map<string, Checkpoint>();

  constructor(ledger: Ledger, chance: Chance) {
    this.#ledger = ledger;
    this.#chance = chance;
  }

  /** Reads everything that is new in the streams and holds it against what the writers know. */
  async audit(endpoint: string, streams: readonly string[]): Promise<void> {
    const shards = await shardsOf(endpoint, streams);
    await Promise.all(shards.map((shard) => this.#readNew(endpoint, shard)));
    this.#ledger.check();
  }

  /** Reads all shards from their beginning: everything is as it was seen at first. */
  async auditAll(endpoint: string, streams: readonly string[]): Promise<void> {
    const shards = await shardsOf(endpoint, streams);
    await Promise.all(
      shards.map(async (shard) => {
        let count = 0;
        const iterator = await iteratorOf(endpoint, shard, undefined);
        for await (const { Records } of pages(endpoint, iterator)) {
          this.#ledger.compare(shard, Records, count);
          count += Records.length;
        }
        assert.equal(count, this.#ledger.countIn(shard), `${shard.stream} ${shard.id}: records in all`);
      }),
    );
  }

  async #readNew(endpoint: string, shard: Shard): Promise<void> {
    const name = `${shard.stream} ${shard.id}`;
    const known = this.#checkpoints.get(name);
    if (known !== undefined && known.iterator === undefined) return;
    let lastNumber = known?.lastNumber;
    let iterator: string | undefined;
    const kept = this.#chance(2) === 0 ? known?.iterator : undefined;
    for await (const page of pages(endpoint, kept ?? (await iteratorOf(endpoint, shard, lastNumber)))) {
      this.#ledger.read(shard, page.Records);
      lastNumber = page.Records.at(-1)?.SequenceNumber ?? lastNumber;
      iterator = page.NextShardIterator;
    }
    this.#checkpoints.set(name, { lastNumber, iterator });
  }
}

const shardsOf = async (endpoint: string, streams: readonly string[]): Promise<Shard[]> => {
  const lists = streams.map(async (stream) => {
    const { Shards } = await call<{ Shards: { ShardId: string }[] }>(endpoint, 'ListShards', {
      StreamName: stream,
    });
    return Shards.map(({ ShardId }) => ({ stream, id: ShardId }));
  });
  return (await Promise.all(lists)).flat();
};

const iteratorOf = async (endpoint: string, shard: Shard, after: string | undefined): Promise<string> => {
  const start =
    after === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after };
  const input = { StreamName: shard.stream, ShardId: shard.id, ...start };
  return (await call<{ ShardIterator: string }>(endpoint, 'GetShardIterator', input)).ShardIterator;
};

/** Up to the end of the shard, or to where nothing more has come yet. */
async function* pages(endpoint: string, from: string): AsyncGenerator<Page> {
  for (let iterator: string | undefined = from; iterator !== undefined; ) {
    const page: Page = await call<Page>(endpoint, 'GetRecords', { ShardIterator: iterator, Limit: 10_000 });
    yield page;
    if (page.MillisBehindLatest === 0 && page.Records.length === 0) return;
    iterator = page.NextShardIterator;
  }
}
