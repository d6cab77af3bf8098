import type { Shard } from '@millrace/catalog';
import {
  COUNTER_MAX,
  formatSequenceNumber,
  type Position,
  parseSequenceNumber,
  positionOf,
  type SequenceNumber,
  type SequenceNumberParts,
  sequenceValueOf,
} from '@millrace/core';
import { SEQUENCE_STEP, SequenceRun } from './sequence-run.ts';

/**
 * The numbers of a shard's records that arrived in one second: they differ by the counter alone, so the rest is
 * worked out once, and so is nearly all of it for positions in a row.
 */
export const sequenceNumbersOf = (
  shard: Shard,
  arrivalMs: number,
): ((position: Position) => SequenceNumber) => {
  const first = sequenceValueOf(shard, positionOf(0), arrivalMs);
  let run: SequenceRun | undefined;
  let following = -1;
  return (position) => {
    if (position !== following) {
      following = position + 1;
      run = undefined;
      return (first + BigInt(position) * SEQUENCE_STEP).toString() as SequenceNumber;
    }
    following += 1;
    run ??= new SequenceRun(first, position);
    return run.take();
  };
};

const edgeNumber = (shard: Shard, counter: bigint, atMs: number): SequenceNumber =>
  formatSequenceNumber({
    shardCreationSeconds: Math.floor(shard.createdAtMs / 1000),
    shardIndex: shard.index,
    counter,
    arrivalSeconds: Math.floor(atMs / 1000),
  });

/** Below the number of the shard's first record. */
export const startingNumberOf = (shard: Shard): SequenceNumber => edgeNumber(shard, 0n, shard.createdAtMs);

/** Above the number of the shard's last record; an open shard has none. */
export const endingNumberOf = (shard: Shard): SequenceNumber | undefined =>
  shard.closed && edgeNumber(shard, COUNTER_MAX, shard.closed.atMs);

/** The byte between counter and time, zero in the number of a record. */
const BETWEEN = 1n << 72n;

/**
 * A number between that of the record before `next` and that of the record at `next`, whether or not there is
 * one yet: a reader who goes on AT it or AFTER it gets the record at `next` first. Grows with the time.
 */
export const continuationNumberOf = (shard: Shard, next: Position, atMs: number): SequenceNumber =>
  (BigInt(edgeNumber(shard, BigInt(next), atMs)) + BETWEEN).toString() as SequenceNumber;

export const isContinuationNumber = (text: string): boolean => (BigInt(text) & BETWEEN) !== 0n;

/** What a number tells of itself. Versions 0 and 1 were AWS's, long ago. */
export type SequenceNumberOrigin =
  | ({ readonly version: 2 } & SequenceNumberParts)
  | { readonly version: 1; readonly shardIndex: number; readonly arrivalSeconds: number }
  | { readonly version: 0; readonly shardIndex: number };

/** Creation times from here on are unreadable to AWS. */
const CREATION_SECONDS_MAX = 16_025_175_000;

const readEarlierForm = (text: string): SequenceNumberOrigin | undefined => {
  const value = BigInt(text);
  const digits = (value < 1n << 124n ? value + (1n << 124n) : value).toString(16);
  const field = (start: number, end?: number): number => Number.parseInt(digits.slice(start, end), 16);
  if (field(1, 10) >= CREATION_SECONDS_MAX) return undefined;
  if (value < 1n << 129n) return { version: 0, shardIndex: field(-4) };
  if (digits.length !== 47 || digits[0] !== '2' || digits[46] !== '1') return undefined;
  return { version: 1, shardIndex: field(38, 46), arrivalSeconds: field(13, 22) };
};

/** Undefined for a number that AWS could not have made. */
export const readSequenceNumber = (text: string): SequenceNumberOrigin | undefined => {
  const parts = parseSequenceNumber(text);
  return parts === undefined ? readEarlierForm(text) : { version: 2, ...parts };
};
