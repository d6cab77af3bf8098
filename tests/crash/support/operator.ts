import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { call, rawCall } from '../../support/raw-call.ts';
import type { Chance } from '../../support/resharding/chance.ts';

const OPEN_SHARDS_MAX = 8;
const PAUSE_MS_MAX = 300;

interface OpenShard {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
}

const startOf = ({ HashKeyRange }: OpenShard): bigint => BigInt(HashKeyRange.StartingHashKey);

/** Changes streams while they are written: splits and merges one, makes and deletes others. */
export class Operator {
  readonly #resharded: string;
  readonly #chance: Chance;
  #made = 0;
  /** Names of streams whose making was acknowledged and whose deletion was not begun. */
  readonly #there = new Set<string>();
  /** Those whose deletion was acknowledged. */
  readonly #gone = new Set<string>();

  constructor(resharded: string, chance: Chance) {
    this.#resharded = resharded;
    this.#chance = chance;
  }

  /** Ends when a call has no answer. */
  async operate(endpoint: string): Promise<void> {
    try {
      for (;;) {
        await pause(this.#chance(PAUSE_MS_MAX));
        await (this.#chance(2) === 0 ? this.#reshard(endpoint) : this.#makeOrDelete(endpoint));
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** What was acknowledged of streams holds. */
  async check(endpoint: string): Promise<void> {
    const { StreamNames } = await call<{ StreamNames: string[] }>(endpoint, 'ListStreams', {});
    for (const name of this.#there) assert.ok(StreamNames.includes(name), `${name} was made`);
    for (const name of this.#gone) {
      if (!StreamNames.includes(name)) continue;
      const { body } = await rawCall(endpoint, 'DescribeStreamSummary', JSON.stringify({ StreamName: name }));
      assert.match(body, /DELETING|ResourceNotFound/, `${name} was deleted`);
    }
  }

  async #reshard(endpoint: string): Promise<void> {
    const StreamName = this.#resharded;
    const { Shards } = await call<{ Shards: OpenShard[] }>(endpoint, 'ListShards', { StreamName });
    const open = Shards.filter((shard) => shard.SequenceNumberRange.EndingSequenceNumber === undefined);
    open.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
    const at = this.#chance(open.length);
    const [shard, next] = [open[at], open[at + 1]];
    if (shard === undefined) return;
    if (open.length < OPEN_SHARDS_MAX / 2 || (open.length < OPEN_SHARDS_MAX && this.#chance(2) === 0)) {
      const middle = (startOf(shard) + BigInt(shard.HashKeyRange.EndingHashKey)) / 2n + 1n;
      const split = { StreamName, ShardToSplit: shard.ShardId, NewStartingHashKey: String(middle) };
      await this.#change(endpoint, 'SplitShard', split);
    } else if (next !== undefined) {
      const merge = { StreamName, ShardToMerge: shard.ShardId, AdjacentShardToMerge: next.ShardId };
      await this.#change(endpoint, 'MergeShards', merge);
    }
  }

  async #makeOrDelete(endpoint: string): Promise<void> {
    const [oldest] = this.#there;
    if (oldest !== undefined && this.#there.size > 2) {
      this.#there.delete(oldest);
      if (await this.#change(endpoint, 'DeleteStream', { StreamName: oldest })) this.#gone.add(oldest);
      return;
    }
    const name = `passing-${this.#made++}`;
    if (await this.#change(endpoint, 'CreateStream', { StreamName: name, ShardCount: 3 }))
      this.#there.add(name);
  }

  /** Says whether it was accepted; a stream in the middle of another change refuses. */
  async #change(endpoint: string, operation: string, input: object): Promise<boolean> {
    const { status, body } = await rawCall(endpoint, operation, JSON.stringify(input));
    if (status !== 200)
      assert.match(
        body,
        /ResourceInUse|LimitExceeded|ResourceNotFound|already been merged or split|not an adjacent pair/,
        operation,
      );
    return status === 200;
  }
}
