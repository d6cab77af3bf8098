import type { Brand } from './brand.ts';

/** `shardId-000000000007`: the shard's index in its stream, in twelve digits. */
export type ShardId = Brand<string, 'ShardId'>;

/** The largest index AWS resolves. */
export const SHARD_INDEX_MAX = 2_147_483_647;

const SHARD_ID_FORM = /^(?:.*-)?(\d{1,12})$/;

export const shardIdOf = (index: number): ShardId => `shardId-${String(index).padStart(12, '0')}` as ShardId;

/** AWS resolves `0`, `shardId-0` and `x-0` alike; undefined when the text is no shard id at all. */
export const parseShardId = (text: string): number | undefined => {
  const index = Number(SHARD_ID_FORM.exec(text)?.[1]);
  return index <= SHARD_INDEX_MAX ? index : undefined;
};
