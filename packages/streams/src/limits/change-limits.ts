import { openShardsOf, type Stream } from '@millrace/catalog';
import { changedTooOften, shardCountStepTooLarge, shardCountTooHigh } from '../model/capacity-errors.ts';
import type { DayCounts } from './day-counts.ts';
import type { Limits } from './limits.ts';

interface Deps {
  readonly limits: Limits;
  readonly dayCounts: DayCounts;
}

/** Changes of a stream that AWS counts over 24 hours. */
const COUNTED = {
  UpdateShardCount: 'shard-count-updates-per-day',
  UpdateStreamMode: 'mode-switches-per-day',
  StartStreamEncryption: 'encryption-changes-per-day',
  StopStreamEncryption: 'encryption-changes-per-day',
} as const;

/** Makes the change if the stream was not changed so too often in the last 24 hours. */
export const countedChange = <Result>(
  what: keyof typeof COUNTED,
  stream: Stream,
  { limits, dayCounts }: Deps,
  change: () => Promise<Result>,
): Promise<Result> => {
  const countMax = limits.quotas[COUNTED[what]];
  return dayCounts.count(`${what}/${stream.id}`, countMax, change, () =>
    changedTooOften(what, countMax, stream),
  );
};

/** What UpdateShardCount may ask for: at most twice the open shards, at least half of them. */
const checkShardCountStep = (openShardCount: number, targetShardCount: number, { quotas }: Limits): void => {
  const factor = quotas['shard-count-factor'];
  const shardCountMax = quotas['shard-count-target'];
  const counts = { openShardCount, targetShardCount };
  if (targetShardCount > shardCountMax) throw shardCountTooHigh(targetShardCount, shardCountMax);
  if (targetShardCount > openShardCount * factor) throw shardCountStepTooLarge('up', counts);
  if (targetShardCount * factor < openShardCount) throw shardCountStepTooLarge('down', counts);
};

/** Changes the shard count of a stream if AWS would; what is wrong with the stream itself is not ours to say. */
export const limitedShardCount = async <Result>(
  stream: Stream,
  targetShardCount: number,
  deps: Deps,
  change: () => Promise<Result>,
): Promise<Result> => {
  if (stream.mode !== 'PROVISIONED' || stream.status !== 'ACTIVE') return change();
  checkShardCountStep(openShardsOf(stream).length, targetShardCount, deps.limits);
  return countedChange('UpdateShardCount', stream, deps, change);
};
