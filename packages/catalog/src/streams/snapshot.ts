import { type HashKey, positionOf } from '@millrace/core';
import { type ConsumerSnapshot, consumerFromSnapshot, consumerToSnapshot } from './consumer.ts';
import {
  type ReshardingSnapshot,
  reshardingFromSnapshot,
  reshardingToSnapshot,
} from './resharding-snapshot.ts';
import type { Shard, Stream } from './stream.ts';

/** `[index, start, end, createdAtMs, parents, closedAtMs?, closedEnd?]`; hash keys in hex: it is read the fastest. */
type ShardSnapshot = readonly [
  index: number,
  start: string,
  end: string,
  createdAtMs: number,
  parents: readonly number[],
  ...closed: number[],
];

export type StreamSnapshot = Omit<Stream, 'shards' | 'tags' | 'consumers' | 'resharding'> & {
  readonly shards: readonly ShardSnapshot[];
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** Absent from snapshots of before there were any. */
  readonly consumers?: readonly ConsumerSnapshot[];
  readonly resharding?: ReshardingSnapshot;
};

const shardToSnapshot = ({ index, range, createdAtMs, parents, closed }: Shard): ShardSnapshot => [
  index,
  range.start.toString(16),
  range.end.toString(16),
  createdAtMs,
  parents,
  ...(closed === undefined ? [] : [closed.atMs, closed.end]),
];

const shardFromSnapshot = (snapshot: ShardSnapshot): Shard => {
  const [index, start, end, createdAtMs, parents, atMs, closedEnd] = snapshot;
  const range = { start: BigInt(`0x${start}`) as HashKey, end: BigInt(`0x${end}`) as HashKey };
  const shard = { index, range, createdAtMs, parents };
  if (atMs === undefined || closedEnd === undefined) return shard;
  return { ...shard, closed: { atMs, end: positionOf(closedEnd) } };
};

/** Members in one order, so that equal states have equal bytes. */
export const streamToSnapshot = (stream: Stream): StreamSnapshot => ({
  id: stream.id,
  account: stream.account,
  region: stream.region,
  name: stream.name,
  arn: stream.arn,
  status: stream.status,
  createdAtMs: stream.createdAtMs,
  mode: stream.mode,
  shards: stream.shards.map(shardToSnapshot),
  retentionHours: stream.retentionHours,
  ...(stream.trimmedBeforeMs === undefined ? {} : { trimmedBeforeMs: stream.trimmedBeforeMs }),
  maxRecordBytes: stream.maxRecordBytes,
  tags: [...stream.tags],
  encryption: stream.encryption,
  ...(stream.dataKeys === undefined ? {} : { dataKeys: stream.dataKeys }),
  recordDistribution: stream.recordDistribution,
  ...(stream.warmThroughputMibps === undefined ? {} : { warmThroughputMibps: stream.warmThroughputMibps }),
  ...(stream.writePeaks === undefined ? {} : { writePeaks: stream.writePeaks }),
  ...(stream.shardMetrics === undefined ? {} : { shardMetrics: stream.shardMetrics }),
  consumers: stream.consumers.map(consumerToSnapshot),
  ...(stream.policy === undefined ? {} : { policy: stream.policy }),
  ...(stream.resharding && { resharding: reshardingToSnapshot(stream.resharding) }),
});

export const streamFromSnapshot = ({ resharding, ...snapshot }: StreamSnapshot): Stream => ({
  ...snapshot,
  ...(resharding && { resharding: reshardingFromSnapshot(resharding) }),
  shards: snapshot.shards.map(shardFromSnapshot),
  tags: new Map(snapshot.tags),
  consumers: (snapshot.consumers ?? []).map(consumerFromSnapshot),
});
