import type { Brand } from './brand.ts';
import { md5 } from './md5.ts';

/** A point of the hash key space, 0 … 2^128-1. */
export type HashKey = Brand<bigint, 'HashKey'>;

export const HASH_KEY_MAX = ((1n << 128n) - 1n) as HashKey;

/** Both ends belong to the range. */
export interface HashKeyRange {
  readonly start: HashKey;
  readonly end: HashKey;
}

/** Where a partition key falls: the MD5 of its UTF-8 bytes, read as a big-endian number. */
export const hashKeyOf = (partitionKey: string): HashKey => {
  const [a, b, c, d] = md5(partitionKey);
  const high = (BigInt(a) << 32n) | BigInt(b);
  const low = (BigInt(c) << 32n) | BigInt(d);
  return ((high << 64n) | low) as HashKey;
};

/** Reads decimal text; undefined when it lies outside the space. The caller has checked that it is digits. */
export const parseHashKey = (text: string): HashKey | undefined => {
  const value = BigInt(text);
  return value >= 0n && value <= HASH_KEY_MAX ? (value as HashKey) : undefined;
};

/** Divides the space evenly in order; the last range takes the remainder, as CreateStream does. */
export const divideHashKeySpace = (count: number): HashKeyRange[] => {
  const width = (HASH_KEY_MAX + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: (width * BigInt(index)) as HashKey,
    end: (index === count - 1 ? HASH_KEY_MAX : width * BigInt(index + 1) - 1n) as HashKey,
  }));
};
