import { crc32 } from 'node:zlib';
import { type Decimal, magnitudeOf } from './decimal.ts';
import type { KeyValue } from './value.ts';

/**
 * Keys as texts whose plain order is the order of the keys. Each character stands for one byte:
 *
 *     key    = token hash [range]
 *     token  = 4 bytes: the CRC-32 of the hash; items of one partition stand together, partitions in no order
 *     S, B   = bytes, 00 as 00 FF, then 00 01
 *     N      = 80                                                  zero
 *            | C0 (magnitude + 130) digits 00                      above
 *            | 40 (125 - magnitude) (digits, 9 for 0 and so on) FF below
 *
 * What begins with the text of a partition is in it, and no text of a key begins with that of another.
 */

/** Stands after every key that begins with what is before it. */
export const AFTER = '\u0100';

const BELOW = '\x40';
const ZERO = '\x80';
const ABOVE = '\xc0';
const MAGNITUDE_BIAS = 130;
const END_OF_BYTES = '\x00\x01';

const escaped = (bytes: string): string => bytes.replaceAll('\x00', '\x00\xff');

const bytesIn = (value: KeyValue & { type: 'S' | 'B' }): string =>
  Buffer.from(value.value as string).toString('latin1');

const numberText = (number: Decimal): string => {
  const { coefficient } = number;
  if (coefficient === 0n) return ZERO;
  const biased = magnitudeOf(number) + MAGNITUDE_BIAS;
  if (coefficient > 0n) return `${ABOVE}${String.fromCharCode(biased)}${coefficient}\x00`;
  const complement = String(-coefficient).replace(/\d/g, (digit) => String(9 - Number(digit)));
  return `${BELOW}${String.fromCharCode(255 - biased)}${complement}\xff`;
};

/** One key attribute's part. */
export const keyPart = (value: KeyValue): string =>
  value.type === 'N' ? numberText(value.value) : escaped(bytesIn(value)) + END_OF_BYTES;

/** What the parts of all texts or bytes that begin with this one begin with. */
export const prefixPart = (value: KeyValue & { type: 'S' | 'B' }): string => escaped(bytesIn(value));

const fourBytes = (number: number): string =>
  String.fromCharCode(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255);

/** What the keys of all items of the partition begin with. */
export const partitionText = (hash: KeyValue): string => {
  const part = keyPart(hash);
  return fourBytes(crc32(Buffer.from(part, 'latin1'))) + part;
};

const TOKENS = 2 ** 32;

/** Where segment `segment` of `count` begins; the end of the last one is after every key. */
export const segmentStart = (segment: number, count: number): string =>
  segment >= count ? AFTER : fourBytes(Math.ceil((segment * TOKENS) / count));
