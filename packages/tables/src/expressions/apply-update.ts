import type { ServiceError } from '@millrace/aws-protocol';
import { invalid } from '../errors.ts';
import { memberKey, memberKeys } from '../values/compare.ts';
import { add, type Decimal, subtract } from '../values/decimal.ts';
import { type Item, isSet, type SetValue, type Value } from '../values/value.ts';
import { changeAt } from './change-at.ts';
import { operandValue, valueAt } from './resolve.ts';
import type { NewValue, Path, UpdateAction } from './tree.ts';

const wrongType = (): ServiceError =>
  invalid('An operand in the update expression has an incorrect data type');

const present = (value: Value | undefined): Value => {
  if (value !== undefined) return value;
  throw invalid('The provided expression refers to an attribute that does not exist in the item');
};

const numberIn = (value: Value): Decimal => {
  if (value.type !== 'N') throw wrongType();
  return value.value;
};

const listIn = (value: Value): readonly Value[] => {
  if (value.type !== 'L') throw wrongType();
  return value.value;
};

/** Reads the item as it was before the update. */
const newValue = (item: Item, node: NewValue): Value => {
  switch (node.kind) {
    case 'if_not_exists':
      return valueAt(item, node.path) ?? newValue(item, node.otherwise);
    case 'list_append':
      return {
        type: 'L',
        value: [...listIn(newValue(item, node.first)), ...listIn(newValue(item, node.second))],
      };
    case 'add':
    case 'subtract': {
      const [left, right] = [numberIn(newValue(item, node.left)), numberIn(newValue(item, node.right))];
      return { type: 'N', value: node.kind === 'add' ? add(left, right) : subtract(left, right) };
    }
    default:
      return present(operandValue(item, node));
  }
};

const setOf = (type: SetValue['type'], members: readonly unknown[]): Value =>
  ({ type, value: members }) as Value;

const keyOf = (member: unknown): string => memberKey(member as string | Decimal | Uint8Array);

const union = (a: SetValue, b: SetValue): Value => {
  const keys = memberKeys(a);
  const added = (b.value as readonly unknown[]).filter((member) => !keys.has(keyOf(member)));
  return setOf(a.type, [...a.value, ...added]);
};

/** Undefined for the empty set, which cannot be. */
const difference = (a: SetValue, b: SetValue): Value | undefined => {
  const keys = memberKeys(b);
  const left = (a.value as readonly unknown[]).filter((member) => !keys.has(keyOf(member)));
  return left.length === 0 ? undefined : setOf(a.type, left);
};

const added = (old: Value | undefined, value: Value): Value => {
  if (old === undefined) return value;
  if (old.type !== value.type) throw wrongType();
  if (old.type === 'N') return { type: 'N', value: add(old.value, numberIn(value)) };
  if (isSet(old) && isSet(value)) return union(old, value);
  if (old.type === 'L') return { type: 'L', value: [...old.value, ...listIn(value)] };
  throw wrongType();
};

const deleted = (old: Value | undefined, value: Value): Value | undefined => {
  if (old === undefined) return undefined;
  if (old.type !== value.type || !isSet(old) || !isSet(value)) throw wrongType();
  return difference(old, value);
};

/** What stands at the action's path afterwards; undefined for nothing. */
const outcome = (item: Item, action: UpdateAction): Value | undefined => {
  if (action.action === 'set') return newValue(item, action.value);
  if (action.action === 'remove') return undefined;
  const old = valueAt(item, action.path);
  return action.action === 'add' ? added(old, action.value) : deleted(old, action.value);
};

/** By index where both are in lists, so that indexes mean what they did before the update. */
const comparePaths = (a: Path, b: Path): number => {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [x, y] = [a[at], b[at]];
    if (x === y) continue;
    return typeof x === 'number' && typeof y === 'number' ? x - y : 0;
  }
  return 0;
};

/** Puts what is new in place from the front, then takes away from the back. */
export const applyUpdate = (item: Item, actions: readonly UpdateAction[]): Item => {
  const changes = actions.map((action) => ({ path: action.path, value: outcome(item, action) }));
  const puts = changes
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => comparePaths(a.path, b.path));
  const removals = changes
    .filter(({ value }) => value === undefined)
    .sort((a, b) => comparePaths(b.path, a.path));
  return [...puts, ...removals].reduce<Item>(
    (changed, { path, value }) => changeAt(changed, path, value),
    item,
  );
};
