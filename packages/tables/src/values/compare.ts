import { compareDecimals, type Decimal } from './decimal.ts';
import type { Item, SetValue, Value } from './value.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

/** Texts are ordered by their UTF-8, which JavaScript's own order is not beyond the basic plane. */
const compareTexts = (a: string, b: string): number => {
  if (a === b) return 0;
  return Buffer.compare(bytesOf(a), bytesOf(b));
};

/** Undefined for values that have no order: of different types, or of one that is not ordered. */
export const compareValues = (a: Value, b: Value): number | undefined => {
  if (a.type === 'S' && b.type === 'S') return compareTexts(a.value, b.value);
  if (a.type === 'N' && b.type === 'N') return compareDecimals(a.value, b.value);
  if (a.type === 'B' && b.type === 'B') return Buffer.compare(a.value, b.value);
  return undefined;
};

const sameDecimal = (a: Decimal, b: Decimal): boolean =>
  a.coefficient === b.coefficient && a.exponent === b.exponent;

const sameItem = (a: Item, b: Item): boolean =>
  a.size === b.size &&
  [...a].every(([name, value]) => {
    const other = b.get(name);
    return other !== undefined && sameValue(value, other);
  });

/** A member of a set as a text that is equal for equal members of one type. */
export const memberKey = (member: string | Decimal | Uint8Array): string => {
  if (typeof member === 'string') return member;
  if (member instanceof Uint8Array) return Buffer.from(member).toString('latin1');
  return `${member.coefficient}e${member.exponent}`;
};

export const memberKeys = ({ value }: SetValue): Set<string> =>
  new Set((value as readonly (string | Decimal | Uint8Array)[]).map(memberKey));

const sameMembers = (a: SetValue, b: SetValue): boolean => {
  const keys = memberKeys(a);
  return a.value.length === b.value.length && [...memberKeys(b)].every((key) => keys.has(key));
};

type Same = { readonly [Type in Value['type']]: (a: never, b: never) => boolean };

const SAME: Same = {
  S: (a: Value & { type: 'S' }, b: Value & { type: 'S' }) => a.value === b.value,
  N: (a: Value & { type: 'N' }, b: Value & { type: 'N' }) => sameDecimal(a.value, b.value),
  B: (a: Value & { type: 'B' }, b: Value & { type: 'B' }) => Buffer.compare(a.value, b.value) === 0,
  BOOL: (a: Value & { type: 'BOOL' }, b: Value & { type: 'BOOL' }) => a.value === b.value,
  NULL: () => true,
  L: (a: Value & { type: 'L' }, b: Value & { type: 'L' }) => sameList(a.value, b.value),
  M: (a: Value & { type: 'M' }, b: Value & { type: 'M' }) => sameItem(a.value, b.value),
  SS: sameMembers,
  NS: sameMembers,
  BS: sameMembers,
};

const sameList = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length &&
  a.every((value, index) => {
    const other = b[index];
    return other !== undefined && sameValue(value, other);
  });

export const sameValue = (a: Value, b: Value): boolean =>
  a.type === b.type && SAME[a.type](a as never, b as never);
