import { type Decimal, magnitudeOf } from './decimal.ts';
import type { Item, Value } from './value.ts';

/** Of one item, names and values (API documentation). */
export const ITEM_BYTES_MAX = 400 * 1024;

const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

const textBytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** About one byte for two digits, one more, and one for a minus (API documentation: an approximation of theirs). */
const numberBytes = (number: Decimal): number => {
  if (number.coefficient === 0n) return 1;
  const digits = magnitudeOf(number) - number.exponent + 1;
  return Math.ceil(digits / 2) + 1 + (number.coefficient < 0n ? 1 : 0);
};

const sum = <Part>(parts: Iterable<Part>, bytesOf: (part: Part) => number): number => {
  let bytes = 0;
  for (const part of parts) bytes += bytesOf(part);
  return bytes;
};

type Sizes = { readonly [Type in Value['type']]: (value: never) => number };

const SIZES: Sizes = {
  S: ({ value }: { value: string }) => textBytes(value),
  N: ({ value }: { value: Decimal }) => numberBytes(value),
  B: ({ value }: { value: Uint8Array }) => value.byteLength,
  BOOL: () => 1,
  NULL: () => 1,
  L: ({ value }: { value: readonly Value[] }) =>
    CONTAINER_BYTES + sum(value, (member) => ELEMENT_BYTES + valueBytes(member)),
  M: ({ value }: { value: Item }) => CONTAINER_BYTES + itemBytes(value) + ELEMENT_BYTES * value.size,
  SS: ({ value }: { value: readonly string[] }) => sum(value, textBytes),
  NS: ({ value }: { value: readonly Decimal[] }) => sum(value, numberBytes),
  BS: ({ value }: { value: readonly Uint8Array[] }) => sum(value, (member) => member.byteLength),
};

const valueBytes = (value: Value): number => SIZES[value.type](value as never);

/** What an item counts, by DynamoDB's rules. */
export const itemBytes = (item: Item): number =>
  sum(item, ([name, value]) => textBytes(name) + valueBytes(value));
