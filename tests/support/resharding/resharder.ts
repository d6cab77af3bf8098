import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
  type StreamDescriptionSummary,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import type { Chance } from './chance.ts';

const SHARDS_MAX = 8;
const PAUSE_MS = 5;

const startOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? -1);
const endOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.EndingHashKey ?? -1);

/** Changes the shards of a stream by chance, one change after the other. */
export class Resharder {
  readonly #kinesis: KinesisClient;
  readonly #StreamName: string;
  readonly #chance: Chance;
  readonly #signal: AbortSignal;
  #last = '';

  constructor(kinesis: KinesisClient, StreamName: string, chance: Chance, signal: AbortSignal) {
    this.#kinesis = kinesis;
    this.#StreamName = StreamName;
    this.#chance = chance;
    this.#signal = signal;
  }

  async describe(): Promise<StreamDescriptionSummary> {
    const describe = new DescribeStreamSummaryCommand({ StreamName: this.#StreamName });
    const { StreamDescriptionSummary } = await this.#kinesis.send(describe, { abortSignal: this.#signal });
    assert.ok(StreamDescriptionSummary);
    return StreamDescriptionSummary;
  }

  async shards(): Promise<Shard[]> {
    const list = new ListShardsCommand({ StreamName: this.#StreamName });
    const { Shards = [], NextToken } = await this.#kinesis.send(list, { abortSignal: this.#signal });
    assert.equal(NextToken, undefined, 'one page holds all shards');
    return Shards;
  }

  /** In the order of their hash keys, which they divide without gaps. */
  async openShards(): Promise<Shard[]> {
    const isOpen = (shard: Shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
    const open = (await this.shards()).filter(isOpen).sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
    let next = 0n;
    for (const shard of open) {
      assert.equal(startOf(shard), next, `${shard.ShardId} follows on the shard before`);
      next = endOf(shard) + 1n;
    }
    assert.equal(next, 1n << 128n);
    return open;
  }

  /** Resolves when the stream is ACTIVE again and has the shards that were asked for. */
  async change(): Promise<void> {
    const open = await this.openShards();
    const kinds = [
      ...(open.length < SHARDS_MAX ? [() => this.#split(open)] : []),
      ...(open.length > 1 ? [() => this.#merge(open)] : []),
      () => this.#scale(open),
    ];
    const count = await kinds[this.#chance(kinds.length)]?.();
    const summary = await this.#untilActive();
    assert.equal(summary.OpenShardCount, count, this.#last);
    assert.equal((await this.openShards()).length, count, this.#last);
  }

  async #untilActive(): Promise<StreamDescriptionSummary> {
    for (;;) {
      const summary = await this.describe();
      if (summary.StreamStatus === 'ACTIVE') return summary;
      assert.equal(summary.StreamStatus, 'UPDATING');
      await pause(PAUSE_MS, undefined, { signal: this.#signal });
    }
  }

  async #split(open: readonly Shard[]): Promise<number> {
    const shard = open[this.#chance(open.length)];
    assert.ok(shard);
    const width = endOf(shard) - startOf(shard) + 1n;
    const border = startOf(shard) + (width * BigInt(1 + this.#chance(15))) / 16n;
    const input = { ShardToSplit: shard.ShardId, NewStartingHashKey: `${border}` };
    this.#last = `split ${JSON.stringify(input)}`;
    await this.#kinesis.send(new SplitShardCommand({ StreamName: this.#StreamName, ...input }));
    return open.length + 1;
  }

  async #merge(open: readonly Shard[]): Promise<number> {
    const place = this.#chance(open.length - 1);
    const input = { ShardToMerge: open[place]?.ShardId, AdjacentShardToMerge: open[place + 1]?.ShardId };
    this.#last = `merge ${JSON.stringify(input)}`;
    await this.#kinesis.send(new MergeShardsCommand({ StreamName: this.#StreamName, ...input }));
    return open.length - 1;
  }

  /** To another number, within AWS's bounds: from half to double. */
  async #scale({ length }: readonly Shard[]): Promise<number> {
    const least = Math.ceil(length / 2);
    const most = Math.min(SHARDS_MAX, length * 2);
    const targets = Array.from({ length: most - least + 1 }, (_, index) => least + index);
    const others = targets.filter((target) => target !== length);
    const TargetShardCount = others[this.#chance(others.length)] ?? 1;
    this.#last = `scale ${length} to ${TargetShardCount}`;
    await this.#kinesis.send(
      new UpdateShardCountCommand({
        StreamName: this.#StreamName,
        TargetShardCount,
        ScalingType: 'UNIFORM_SCALING',
      }),
    );
    return TargetShardCount;
  }
}
