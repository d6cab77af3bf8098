import type { Decimal } from './decimal.ts';

/** An attribute's value. The types are DynamoDB's, by its letters for them. */
export type Value =
  | { readonly type: 'S'; readonly value: string }
  | { readonly type: 'N'; readonly value: Decimal }
  | { readonly type: 'B'; readonly value: Uint8Array }
  | { readonly type: 'BOOL'; readonly value: boolean }
  | { readonly type: 'NULL' }
  | { readonly type: 'L'; readonly value: readonly Value[] }
  | { readonly type: 'M'; readonly value: Item }
  | { readonly type: 'SS'; readonly value: readonly string[] }
  | { readonly type: 'NS'; readonly value: readonly Decimal[] }
  | { readonly type: 'BS'; readonly value: readonly Uint8Array[] };

export type ValueType = Value['type'];
export type ValueOf<Type extends ValueType> = Extract<Value, { type: Type }>;

/** Attributes by name; never changed, a change makes another one. */
export type Item = ReadonlyMap<string, Value>;

export type ScalarKeyType = 'S' | 'N' | 'B';
export type KeyValue = ValueOf<ScalarKeyType>;
export type SetValue = ValueOf<'SS' | 'NS' | 'BS'>;

export const isKeyValue = (value: Value): value is KeyValue =>
  value.type === 'S' || value.type === 'N' || value.type === 'B';

export const isSet = (value: Value): value is SetValue =>
  value.type === 'SS' || value.type === 'NS' || value.type === 'BS';

export const isEmpty = (value: KeyValue): boolean => value.type !== 'N' && value.value.length === 0;
