import type { WarmThroughputObject } from '@millrace/aws-model/kinesis';
import { openShardsOf, type Stream } from '@millrace/catalog';

/** What a shard takes in a second, in MiB. */
const SHARD_MIBPS = 1;

/** Absent where nobody has asked for warm throughput; there at once is what the open shards take. */
export const warmThroughputAnswer = (stream: Stream): WarmThroughputObject | undefined => {
  const target = stream.warmThroughputMibps;
  if (target === undefined) return undefined;
  return { TargetMiBps: target, CurrentMiBps: Math.min(target, openShardsOf(stream).length * SHARD_MIBPS) };
};
