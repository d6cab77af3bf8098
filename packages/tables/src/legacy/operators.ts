import type { AttributeValue, ComparisonOperator } from '@millrace/aws-model/dynamodb';
import { invalid, invalidParameter } from '../errors.ts';
import type { Comparator, Condition, ConditionFunction, Operand } from '../expressions/tree.ts';
import { compareValues } from '../values/compare.ts';
import { isKeyValue, isSet, type Value } from '../values/value.ts';
import { readValue } from '../values/wire.ts';

const compare =
  (comparator: Comparator) =>
  (attribute: Operand, [right]: readonly Operand[]): Condition => ({
    kind: 'compare',
    comparator,
    left: attribute,
    right: right as Operand,
  });

const call =
  (name: ConditionFunction) =>
  (attribute: Operand, operands: readonly Operand[]): Condition => ({
    kind: 'call',
    name,
    operands: [attribute, ...operands],
  });

interface OperatorRow {
  /** How many values it takes; `IN` takes one or more. */
  readonly values: number | 'some';
  /** What a value may be; anything where this is absent. */
  readonly takes?: (value: Value) => boolean;
  readonly condition: (attribute: Operand, values: readonly Operand[]) => Condition;
}

const isSimple = (value: Value): boolean => isKeyValue(value);
const isTextual = (value: Value): boolean => value.type === 'S' || value.type === 'B';
const isMember = (value: Value): boolean => !isSet(value) && value.type !== 'L' && value.type !== 'M';

/** The comparison operators of the parameters from before expressions, as the conditions that they mean. */
const OPERATORS: Readonly<Record<ComparisonOperator, OperatorRow>> = {
  EQ: { values: 1, condition: compare('=') },
  NE: { values: 1, condition: compare('<>') },
  LT: { values: 1, takes: isSimple, condition: compare('<') },
  LE: { values: 1, takes: isSimple, condition: compare('<=') },
  GT: { values: 1, takes: isSimple, condition: compare('>') },
  GE: { values: 1, takes: isSimple, condition: compare('>=') },
  NOT_NULL: { values: 0, condition: call('attribute_exists') },
  NULL: { values: 0, condition: call('attribute_not_exists') },
  CONTAINS: { values: 1, takes: isMember, condition: call('contains') },
  NOT_CONTAINS: {
    values: 1,
    takes: isMember,
    condition: (attribute, values) => ({ kind: 'not', condition: call('contains')(attribute, values) }),
  },
  BEGINS_WITH: { values: 1, takes: isTextual, condition: call('begins_with') },
  IN: {
    values: 'some',
    takes: isMember,
    condition: (operand, candidates) => ({ kind: 'in', operand, candidates }),
  },
  BETWEEN: {
    values: 2,
    takes: isSimple,
    condition: (operand, [low, high]) => ({
      kind: 'between',
      operand,
      low: low as Operand,
      high: high as Operand,
    }),
  },
};

const checkCount = (operator: ComparisonOperator, count: number): void => {
  const { values } = OPERATORS[operator];
  if (values === 'some' ? count > 0 : count === values) return;
  throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
};

const checkOrder = (operator: ComparisonOperator, [low, high]: readonly Value[]): void => {
  if (operator !== 'BETWEEN' || low === undefined || high === undefined) return;
  if (low.type !== high.type) {
    throw invalidParameter('AttributeValues inside AttributeValueList must be of same type');
  }
  if ((compareValues(low, high) ?? 0) <= 0) return;
  throw invalid(
    'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
  );
};

export const legacyCondition = (
  name: string,
  operator: ComparisonOperator,
  wires: readonly AttributeValue[],
): Condition => {
  checkCount(operator, wires.length);
  const values = wires.map(readValue);
  const row = OPERATORS[operator];
  const wrong = values.find((value) => row.takes?.(value) === false);
  if (wrong !== undefined) {
    throw invalidParameter(
      `ComparisonOperator ${operator} is not valid for ${wrong.type} AttributeValue type`,
    );
  }
  checkOrder(operator, values);
  return row.condition(
    { kind: 'path', path: [name] },
    values.map((value): Operand => ({ kind: 'value', value })),
  );
};
