import { decimalOf } from '../values/decimal.ts';
import type { Item, Value } from '../values/value.ts';
import type { Operand, Path } from './tree.ts';

/** Undefined where there is nothing, or the path leads through something else than it says. */
export const valueAt = (item: Item, [first, ...steps]: Path): Value | undefined => {
  let value = item.get(first);
  for (const step of steps) {
    if (value?.type === 'M' && typeof step === 'string') value = value.value.get(step);
    else if (value?.type === 'L' && typeof step === 'number') value = value.value[step];
    else return undefined;
  }
  return value;
};

const countOf = (value: Value | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (value.type === 'M') return value.value.size;
  if (value.type === 'N' || value.type === 'BOOL' || value.type === 'NULL') return undefined;
  return value.value.length;
};

const sizeOf = (value: Value | undefined): Value | undefined => {
  const count = countOf(value);
  return count === undefined ? undefined : { type: 'N', value: decimalOf(String(count)) };
};

/** Undefined for an attribute that is not there, and for the size of what has none. */
export const operandValue = (item: Item, operand: Operand): Value | undefined => {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') return operand.value;
  return sizeOf(operandValue(item, operand.of));
};
