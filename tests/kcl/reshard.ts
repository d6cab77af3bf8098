import assert from 'node:assert/strict';
import { Resharder } from '../support/resharding/resharder.ts';
import type { World } from './world.ts';

const DEADLINE_MS = 60_000;

/** What a resharder would do by chance: a kind, and what that kind has to choose. */
export type Choices = readonly number[];

export const SPLIT_FIRST: Choices = [0, 0, 7];
export const MERGE_FIRST_TWO: Choices = [1, 0];
/** Of two shards; of four it makes two, of any other number something else. */
export const DOUBLE: Choices = [2, 2];
export const HALVE: Choices = [2, 0];

const resharder = (world: World, stream: string, choices: Choices = []): Resharder => {
  const left = [...choices];
  const chance = () => left.shift() ?? assert.fail();
  return new Resharder(world.kinesis, stream, chance, AbortSignal.timeout(DEADLINE_MS));
};

/** Resolves when the stream is active again. */
export const reshard = (world: World, stream: string, choices: Choices): Promise<void> =>
  resharder(world, stream, choices).change();

export const openShards = async (world: World, stream: string): Promise<string[]> => {
  const open = await resharder(world, stream).openShards();
  return open.map(({ ShardId = '' }) => ShardId).sort();
};

/** Of each shard that there was. */
export const parentsOf = async (
  world: World,
  stream: string,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const shards = await resharder(world, stream).shards();
  return new Map(
    shards.map(({ ShardId = '', ParentShardId, AdjacentParentShardId }) => [
      ShardId,
      [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined),
    ]),
  );
};
