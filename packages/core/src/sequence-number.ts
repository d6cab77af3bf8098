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

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');

export const formatSequenceNumber = (parts: SequenceNumberParts): SequenceNumber =>
  BigInt(
    `0x2${hex(parts.shardCreationSeconds, 9)}${hex(parts.shardIndex & 0xf, 1)}${hex(parts.counter, 16)}00${hex(parts.arrivalSeconds, 9)}${hex(parts.shardIndex, 8)}2`,
  ).toString() as SequenceNumber;

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

/** Makes the sequence numbers of one shard's records. */
export const sequenceNumberOf = (
  shard: { readonly index: number; readonly createdAtMs: number },
  position: Position,
  arrivalMs: number,
): SequenceNumber =>
  formatSequenceNumber({
    shardCreationSeconds: Math.floor(shard.createdAtMs / 1000),
    shardIndex: shard.index,
    counter: BigInt(position) + 1n,
    arrivalSeconds: Math.floor(arrivalMs / 1000),
  });
