import { hash } from 'node:crypto';
import { md5Prefix } from './md5-prefix.ts';
import type { UserRecord } from './user-record.ts';

declare const brand: unique symbol;

/**
 * A point of the hash key space, 0 … 2^128-1, as 32 lower-case hex digits: such texts compare as the numbers do,
 * and a digest is one without any arithmetic.
 */
export type HashKey = string & { readonly [brand]: 'HashKey' };

/** Both ends belong to the range. */
export interface HashKeyRange {
  readonly start: HashKey;
  readonly end: HashKey;
}

const DIGITS = 32;
const DECIMAL = /^(?:0|[1-9]\d{0,38})$/;
const HASH_KEY_MAX = (1n << 128n) - 1n;

/** Where a partition key falls: the MD5 of its UTF-8 bytes, read as a big-endian number. */
export const hashKeyOf = (partitionKey: string): HashKey => hash('md5', partitionKey) as HashKey;

/** Reads decimal text as AWS writes it; undefined when it is none, or lies outside the space. */
export const parseHashKey = (text: string): HashKey | undefined => {
  if (!DECIMAL.test(text)) return undefined;
  const value = BigInt(text);
  return value > HASH_KEY_MAX ? undefined : (value.toString(16).padStart(DIGITS, '0') as HashKey);
};

/** Decimal text, as AWS wants it. */
export const hashKeyText = (hashKey: HashKey): string => BigInt(`0x${hashKey}`).toString();

/** Where the record belongs. Undefined when its explicit hash key is none. */
export const effectiveHashKey = ({ partitionKey, explicitHashKey }: UserRecord): HashKey | undefined =>
  explicitHashKey === undefined ? hashKeyOf(partitionKey) : parseHashKey(explicitHashKey);

export const covers = ({ start, end }: HashKeyRange, hashKey: HashKey): boolean =>
  start <= hashKey && hashKey <= end;

/** The first 32 bits of a hash key: enough to tell keys apart that are not close neighbours, and cheaper. */
export const prefixOf = (hashKey: HashKey): number => Number.parseInt(hashKey.slice(0, 8), 16);

/** The prefix of where the record belongs; undefined when its explicit hash key is none. */
export const effectivePrefix = (record: UserRecord): number | undefined => {
  const quick = record.explicitHashKey === undefined ? md5Prefix(record.partitionKey) : undefined;
  if (quick !== undefined) return quick;
  const hashKey = effectiveHashKey(record);
  return hashKey === undefined ? undefined : prefixOf(hashKey);
};
