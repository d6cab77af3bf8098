import type { Item, Value } from './value.ts';
import { readValue, type WireItem, writeValue } from './wire.ts';

/** Items as JSON can say them: as on the wire, binary values in base64. */
export type StoredItem = Readonly<Record<string, unknown>>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');

const storeValue = (value: Value): object => {
  if (value.type === 'B') return { B: base64(value.value) };
  if (value.type === 'BS') return { BS: value.value.map(base64) };
  if (value.type === 'L') return { L: value.value.map(storeValue) };
  if (value.type === 'M') return { M: storeItem(value.value) };
  return writeValue(value);
};

export const storeItem = (item: Item): StoredItem => {
  const stored: Record<string, object> = Object.create(null);
  for (const [name, value] of item) stored[name] = storeValue(value);
  return stored;
};

interface Stored {
  readonly B?: string;
  readonly BS?: readonly string[];
  readonly L?: readonly Stored[];
  readonly M?: StoredItem;
}

const restoreValue = (stored: Stored): Value => {
  if (stored.B !== undefined) return { type: 'B', value: fromBase64(stored.B) };
  if (stored.BS !== undefined) return { type: 'BS', value: stored.BS.map(fromBase64) };
  if (stored.L !== undefined) return { type: 'L', value: stored.L.map(restoreValue) };
  if (stored.M !== undefined) return { type: 'M', value: restoreItem(stored.M) };
  return readValue(stored as object as WireItem[string]);
};

export const restoreItem = (stored: StoredItem): Item =>
  new Map(Object.entries(stored).map(([name, value]) => [name, restoreValue(value as Stored)]));
