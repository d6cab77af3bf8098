import type { AttributeValue } from '@millrace/aws-model/dynamodb';
import { invalid } from '../errors.ts';
import { memberKey } from './compare.ts';
import { type Decimal, decimalOf, decimalText } from './decimal.ts';
import type { Item, Value, ValueType } from './value.ts';

export type WireItem = Readonly<Record<string, AttributeValue>>;

/** Lists and maps within one another (API documentation). */
const NESTING_MAX = 32;

type Wire<Type extends ValueType> = NonNullable<AttributeValue[Type]>;

const SET_WORDS = { SS: 'string', NS: 'number', BS: 'binary' } as const;

const printed = (member: string | Decimal | Uint8Array): string => {
  if (typeof member === 'string') return member;
  return member instanceof Uint8Array ? Buffer.from(member).toString('base64') : decimalText(member);
};

const checkedSet = <Member extends string | Decimal | Uint8Array>(
  type: keyof typeof SET_WORDS,
  members: readonly Member[],
): readonly Member[] => {
  if (members.length === 0) {
    throw invalid(`One or more parameter values were invalid: An ${SET_WORDS[type]} set  may not be empty`);
  }
  if (new Set(members.map(memberKey)).size < members.length) {
    const list = members.map(printed).join(', ');
    throw invalid(
      `One or more parameter values were invalid: Input collection [${list}] contains duplicates.`,
    );
  }
  return members;
};

const readNull = (value: boolean): Value => {
  if (value) return { type: 'NULL' };
  throw invalid(
    'One or more parameter values were invalid: Null attribute value types must have the value of true',
  );
};

type Readers = { readonly [Type in ValueType]: (wire: Wire<Type>, depth: number) => Value };

/** Blobs of a request share its memory, which goes to another one; items are kept. */
const own = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

const READERS: Readers = {
  S: (value) => ({ type: 'S', value }),
  N: (text) => ({ type: 'N', value: decimalOf(text) }),
  B: (bytes) => ({ type: 'B', value: own(bytes) }),
  BOOL: (value) => ({ type: 'BOOL', value }),
  NULL: readNull,
  L: (list, depth) => ({ type: 'L', value: list.map((value) => readAt(value, depth + 1)) }),
  M: (map, depth) => ({ type: 'M', value: readItem(map, depth + 1) }),
  SS: (list) => ({ type: 'SS', value: checkedSet('SS', list) }),
  NS: (list) => ({ type: 'NS', value: checkedSet('NS', list.map(decimalOf)) }),
  BS: (list) => ({ type: 'BS', value: checkedSet('BS', list.map(own)) }),
};

const readAt = (wire: AttributeValue, depth: number): Value => {
  const [type, second] = (Object.keys(wire) as ValueType[]).filter((key) => wire[key] !== undefined);
  if (type === undefined) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (second !== undefined) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (depth > NESTING_MAX) throw invalid('Nesting Levels have exceeded supported limits');
  return READERS[type](wire[type] as never, depth);
};

export const readValue = (wire: AttributeValue): Value => readAt(wire, 0);

export const readItem = (wire: WireItem, depth = 0): Item =>
  new Map(Object.entries(wire).map(([name, value]) => [name, readAt(value, depth)]));

export const writeValue = (value: Value): AttributeValue => {
  if (value.type === 'N') return { N: decimalText(value.value) };
  if (value.type === 'NS') return { NS: value.value.map(decimalText) };
  if (value.type === 'NULL') return { NULL: true };
  if (value.type === 'L') return { L: value.value.map(writeValue) };
  if (value.type === 'M') return { M: writeItem(value.value) };
  return { [value.type]: value.value };
};

export const writeItem = (item: Item): WireItem => {
  const wire: Record<string, AttributeValue> = Object.create(null);
  for (const [name, value] of item) wire[name] = writeValue(value);
  return wire;
};
