import type { Shard, Stream } from '@millrace/catalog';
import { type Clock, type Position, positionOf, shardIdOf } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import {
  firstFormNumber,
  foreignStartingNumber,
  invalidStartingNumber,
  startingNumberOfOtherShard,
  timestampInFuture,
  timestampMissing,
  typeAndNumberDisagree,
} from './errors.ts';
import { isContinuationNumber, readSequenceNumber } from './sequence-numbers.ts';
import { endOf } from './shard-end.ts';
import { shardLogOf } from './shard-log.ts';

export type StartingType =
  | 'AT_SEQUENCE_NUMBER'
  | 'AFTER_SEQUENCE_NUMBER'
  | 'AT_TIMESTAMP'
  | 'TRIM_HORIZON'
  | 'LATEST';

/** Where a reader wants to begin. */
export interface Starting {
  readonly type: StartingType;
  readonly sequenceNumber?: string | undefined;
  readonly timestampMs?: number | undefined;
}

interface Place {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly engine: LogEngine;
  readonly clock: Clock;
  /** The operation, for texts. */
  readonly usedIn: 'GetShardIterator' | 'SubscribeToShard';
}

type Resolve = (starting: Starting, place: Place) => Position | Promise<Position>;

/** The counter of a number that this shard may have made: 0 for its start, a record's position + 1. */
const counterOf = ({ type, sequenceNumber: text }: Starting, { stream, shard, usedIn }: Place): bigint => {
  const shardId = shardIdOf(shard.index);
  if (text === undefined) throw typeAndNumberDisagree(type, 'no');
  const origin = readSequenceNumber(text);
  if (origin === undefined) throw invalidStartingNumber(text, usedIn, shardId, stream);
  if (origin.shardIndex !== shard.index) {
    throw startingNumberOfOtherShard(shardIdOf(origin.shardIndex), shardId);
  }
  if (origin.version === 0) throw firstFormNumber();
  if (origin.version === 1 || origin.shardCreationSeconds !== Math.floor(shard.createdAtMs / 1000)) {
    throw foreignStartingNumber(text, usedIn, shardId, stream);
  }
  return origin.counter;
};

const shardEnd = async ({ engine, stream, shard }: Place): Promise<Position> =>
  endOf(shard, (await engine.bounds(shardLogOf(stream.id, shard))).end);

/**
 * At most the end: a number above it is the shard's ending number, or that of a record which a power loss took
 * (`--durability os`). Its reader goes on with the next record that comes.
 */
const atCounter = async (position: bigint, place: Place): Promise<Position> => {
  const end = await shardEnd(place);
  if (position <= 0n) return positionOf(0);
  return position < BigInt(end) ? positionOf(Number(position)) : end;
};

const withoutNumber =
  (resolve: Resolve): Resolve =>
  (starting, place) => {
    if (starting.sequenceNumber !== undefined) throw typeAndNumberDisagree(starting.type, 'also a');
    return resolve(starting, place);
  };

const resolvers: Readonly<Record<StartingType, Resolve>> = {
  AT_SEQUENCE_NUMBER: (starting, place) => {
    const counter = counterOf(starting, place);
    return atCounter(isContinuationNumber(starting.sequenceNumber ?? '0') ? counter : counter - 1n, place);
  },
  AFTER_SEQUENCE_NUMBER: (starting, place) => atCounter(counterOf(starting, place), place),
  AT_TIMESTAMP: async ({ timestampMs }, { engine, clock, stream, shard }) => {
    if (timestampMs === undefined) throw timestampMissing();
    const nowMs = clock.now();
    if (timestampMs > nowMs) throw timestampInFuture(timestampMs, nowMs);
    return endOf(shard, await engine.findByTime(shardLogOf(stream.id, shard), timestampMs));
  },
  // Reading raises it to the oldest record held.
  TRIM_HORIZON: withoutNumber(() => positionOf(0)),
  LATEST: withoutNumber((_, place) => shardEnd(place)),
};

/** Turns the wish into a position, fixed from now on. */
export const startingPosition = async (starting: Starting, place: Place): Promise<Position> =>
  resolvers[starting.type](starting, place);
