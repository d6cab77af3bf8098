import { invalid, invalidParameter } from '../errors.ts';
import type { ItemKey } from '../store/table-record.ts';
import { keyPart, partitionText } from '../values/ordered-key.ts';
import { type Item, isEmpty, isKeyValue, type KeyValue } from '../values/value.ts';
import { type KeyAttribute, type KeySchema, keyAttributes } from './table-definition.ts';

/** Of the hash and of the range (API documentation). */
const HASH_BYTES_MAX = 2_048;
const RANGE_BYTES_MAX = 1_024;

/** The value of a key attribute where it can be one; undefined where it is missing or of another type. */
const keyValueIn = (item: Item, { name, type }: KeyAttribute): KeyValue | undefined => {
  const value = item.get(name);
  return value !== undefined && isKeyValue(value) && value.type === type ? value : undefined;
};

/** The ordered key by a schema; undefined for an item that has no such key, as those outside of an index. */
export const orderedKey = (item: Item, { hash, range }: KeySchema): string | undefined => {
  const hashValue = keyValueIn(item, hash);
  const rangeValue = range && keyValueIn(item, range);
  if (hashValue === undefined || (range !== undefined && rangeValue === undefined)) return undefined;
  return partitionText(hashValue) + (rangeValue === undefined ? '' : keyPart(rangeValue));
};

const EMPTY_WORDS = { S: 'string', B: 'binary', N: '' } as const;

const checkSize = (name: string, value: KeyValue, bytesMax: number, which: string): void => {
  if (isEmpty(value)) {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${EMPTY_WORDS[value.type]} value. Key: ${name}`,
    );
  }
  if (value.type === 'N' || Buffer.byteLength(value.value as string) <= bytesMax) return;
  throw invalidParameter(`Size of ${which} has exceeded the maximum size limit of${bytesMax} bytes`);
};

const checkSizes = (item: Item, { hash, range }: KeySchema): void => {
  checkSize(hash.name, item.get(hash.name) as KeyValue, HASH_BYTES_MAX, 'hashkey');
  if (range !== undefined) {
    checkSize(range.name, item.get(range.name) as KeyValue, RANGE_BYTES_MAX, 'rangekey');
  }
};

/** The key of a whole item; throws where it has none that would do. */
export const keyOfItem = (item: Item, schema: KeySchema): ItemKey => {
  for (const { name, type } of keyAttributes(schema)) {
    const value = item.get(name);
    if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
    if (value.type === type) continue;
    throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${value.type}`);
  }
  checkSizes(item, schema);
  return orderedKey(item, schema) as ItemKey;
};

/** The key that a request names an item by: all attributes of it and no others. */
export const keyOfRequest = (key: Item, schema: KeySchema): ItemKey => {
  const attributes = keyAttributes(schema);
  const fits =
    key.size === attributes.length && attributes.every(({ name, type }) => key.get(name)?.type === type);
  if (!fits) throw invalid('The provided key element does not match the schema');
  checkSizes(key, schema);
  return orderedKey(key, schema) as ItemKey;
};

/** Just these attributes of the item, as far as it has them. */
export const pick = (item: Item, names: Iterable<string>): Item =>
  new Map(
    [...new Set(names)].flatMap((name) => {
      const value = item.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
