import { compareValues, memberKey, memberKeys, sameValue } from '../values/compare.ts';
import { type Item, isSet, type Value } from '../values/value.ts';
import { operandValue } from './resolve.ts';
import type { Comparator, Condition, ConditionFunction } from './tree.ts';

type Comparison = (left: Value, right: Value) => boolean;

const ordered =
  (fits: (order: number) => boolean): Comparison =>
  (left, right) => {
    const order = compareValues(left, right);
    return order !== undefined && fits(order);
  };

const COMPARISONS: Readonly<Record<Comparator, Comparison>> = {
  '=': sameValue,
  '<>': (left, right) => !sameValue(left, right),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
};

const startsWith = (value: Value, start: Value): boolean => {
  if (value.type === 'S' && start.type === 'S') return value.value.startsWith(start.value);
  if (value.type !== 'B' || start.type !== 'B') return false;
  return Buffer.compare(value.value.subarray(0, start.value.length), start.value) === 0;
};

const SET_OF = { S: 'SS', N: 'NS', B: 'BS' } as const;

const holds = (value: Value, member: Value): boolean => {
  if (value.type === 'L') return value.value.some((item) => sameValue(item, member));
  if (value.type === 'S' && member.type === 'S') return value.value.includes(member.value);
  if (value.type === 'B' && member.type === 'B') return Buffer.from(value.value).includes(member.value);
  if (!isSet(value) || !(member.type in SET_OF)) return false;
  const { type, value: inner } = member as Value & { type: keyof typeof SET_OF };
  return SET_OF[type] === value.type && memberKeys(value).has(memberKey(inner));
};

type Given = Value | undefined;
const bothGiven =
  (test: (first: Value, second: Value) => boolean) =>
  (first: Given, second: Given): boolean =>
    first !== undefined && second !== undefined && test(first, second);

const FUNCTIONS: Readonly<Record<ConditionFunction, (first: Given, second: Given) => boolean>> = {
  attribute_exists: (value) => value !== undefined,
  attribute_not_exists: (value) => value === undefined,
  attribute_type: bothGiven((value, type) => type.type === 'S' && value.type === type.value),
  begins_with: bothGiven(startsWith),
  contains: bothGiven(holds),
};

type Evaluators = {
  readonly [Kind in Condition['kind']]: (
    condition: Extract<Condition, { kind: Kind }>,
    item: Item,
  ) => boolean;
};

const every: (condition: { conditions: readonly Condition[] }, item: Item) => boolean = (
  { conditions },
  item,
) => conditions.every((condition) => isTrue(condition, item));

const some: typeof every = ({ conditions }, item) => conditions.some((condition) => isTrue(condition, item));

const EVALUATORS: Evaluators = {
  all: every,
  any: some,
  not: ({ condition }, item) => !isTrue(condition, item),
  /** What is not there is unequal to everything, and nothing else. */
  compare: ({ comparator, left, right }, item) => {
    const [a, b] = [operandValue(item, left), operandValue(item, right)];
    if (a === undefined || b === undefined) return comparator === '<>' && a !== b;
    return COMPARISONS[comparator](a, b);
  },
  between: ({ operand, low, high }, item) => {
    const value = operandValue(item, operand);
    const [from, to] = [operandValue(item, low), operandValue(item, high)];
    if (value === undefined || from === undefined || to === undefined) return false;
    return COMPARISONS['>='](value, from) && COMPARISONS['<='](value, to);
  },
  in: ({ operand, candidates }, item) => {
    const value = operandValue(item, operand);
    return candidates.some((candidate) => bothGiven(sameValue)(value, operandValue(item, candidate)));
  },
  call: ({ name, operands: [first, second] }, item) =>
    FUNCTIONS[name](first && operandValue(item, first), second && operandValue(item, second)),
};

/** Of an item that does not exist: the empty one. */
export const isTrue = (condition: Condition, item: Item): boolean =>
  EVALUATORS[condition.kind](condition as never, item);
