import type { Brand } from './brand.ts';
import type { Position } from './position.ts';

/**
 * AWS's version 2 form: a 186-bit number in decimal, 56 digits. In hex digits from the most significant:
 *
 *     1  version marker, 2
 *     9  shard creation, epoch seconds
 *     1  low nibble of the shard index
 *    16  counter: 0 for the shard's start, position + 1 for a record
 *     2  zero
 *     9  time of the put, epoch seconds
 *     8  shard index
 *     1  version, 2
 *
 * Nothing of it is stored: shard, position and arrival time give it back. Source: recordings published with
 * kinesalite.
 */
export type SequenceNumber = Brand<string, 'SequenceNumber'>;

export interface SequenceNumberParts {
  readonly shardCreationSeconds: number;
  readonly shardIndex: number;
  /** 0 … 2^63-1 */
  readonly counter: bigint;
  readonly arrivalSeconds: number;
}

export const COUNTER_MAX = (1n << 63n) - 1n;
/** Creation times from here on are unreadable to AWS. */
const CREATION_SECONDS_MAX = 16_025_175_000;
const HEX_DIGITS = 47;

const MARKER = 2n << 184n;

export const formatSequenceNumber = (parts: SequenceNumberParts): SequenceNumber =>
  numberOf(parts).toString() as SequenceNumber;

const numberOf = ({
  shardCreationSeconds,
  shardIndex,
  counter,
  arrivalSeconds,
}: SequenceNumberParts): bigint =>
  MARKER |
  (BigInt(shardCreationSeconds) << 148n) |
  (BigInt(shardIndex & 0xf) << 144n) |
  (counter << 80n) |
  (BigInt(arrivalSeconds) << 36n) |
  // Both fit into a safe integer.
  BigInt(shardIndex * 16 + 2);

/** Undefined when the number has another version or form than ours. */
export const parseSequenceNumber = (text: string): SequenceNumberParts | undefined => {
  const digits = BigInt(text).toString(16);
  if (digits.length !== HEX_DIGITS || digits[0] !== '2' || digits[46] !== '2') return undefined;
  const field = (start: number, length: number): number =>
    Number.parseInt(digits.slice(start, start + length), 16);
  const shardCreationSeconds = field(1, 9);
  const shardIndex = field(38, 8);
  const counter = BigInt(`0x${digits.slice(11, 27)}`);
  if (counter > COUNTER_MAX || shardCreationSeconds >= CREATION_SECONDS_MAX || shardIndex > 0x7fff_ffff)
    return undefined;
  return { shardCreationSeconds, shardIndex, counter, arrivalSeconds: field(29, 9) };
};

interface NumberedShard {
  readonly index: number;
  readonly createdAtMs: number;
}

/** The sequence number of a shard's record, as the number that it is. */
export const sequenceValueOf = (shard: NumberedShard, position: Position, arrivalMs: number): bigint =>
  numberOf({
    shardCreationSeconds: Math.floor(shard.createdAtMs / 1000),
    shardIndex: shard.index,
    counter: BigInt(position) + 1n,
    arrivalSeconds: Math.floor(arrivalMs / 1000),
  });

/** The sequence number of a shard's record. */
export const sequenceNumberOf = (
  shard: NumberedShard,
  position: Position,
  arrivalMs: number,
): SequenceNumber => sequenceValueOf(shard, position, arrivalMs).toString() as SequenceNumber;
