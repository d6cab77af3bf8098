import type {
  ConditionalOperator,
  ExpectedAttributeValue,
  Condition as LegacyCondition,
} from '@millrace/aws-model/dynamodb';
import { invalidParameter } from '../errors.ts';
import type { Condition } from '../expressions/tree.ts';
import { legacyCondition } from './operators.ts';

const joined = (
  conditions: readonly Condition[],
  operator: ConditionalOperator = 'AND',
): Condition | undefined =>
  conditions.length === 0 ? undefined : { kind: operator === 'AND' ? 'all' : 'any', conditions };

const wrongExpected = (name: string, what: string) => invalidParameter(`${what} for Attribute: ${name}`);

/** `Exists` and `Value` are older still than `ComparisonOperator`, and mean NULL and EQ. */
const expectedCondition = (name: string, expected: ExpectedAttributeValue): Condition => {
  const { Value: value, Exists: exists, ComparisonOperator: operator, AttributeValueList: list } = expected;
  if (operator !== undefined) {
    if (exists !== undefined) {
      throw wrongExpected(name, 'Exists and ComparisonOperator cannot be used together');
    }
    if (value !== undefined && list !== undefined) {
      throw wrongExpected(name, 'Value and AttributeValueList cannot be used together');
    }
    return legacyCondition(name, operator, list ?? (value === undefined ? [] : [value]));
  }
  if (list !== undefined) {
    throw wrongExpected(name, 'AttributeValueList can only be used with a ComparisonOperator');
  }
  if (exists === false) {
    if (value === undefined) return legacyCondition(name, 'NULL', []);
    throw wrongExpected(name, 'Value cannot be used when Exists is false');
  }
  if (value === undefined) {
    throw wrongExpected(name, `Value must be provided when Exists is ${exists === true ? 'true' : 'null'}`);
  }
  return legacyCondition(name, 'EQ', [value]);
};

/** What Expected and ConditionalOperator ask for; undefined where there is nothing to ask. */
export const expectedConditions = (
  expected: Readonly<Record<string, ExpectedAttributeValue>> = {},
  operator?: ConditionalOperator,
): Condition | undefined =>
  joined(
    Object.entries(expected).map(([name, one]) => expectedCondition(name, one)),
    operator,
  );

export type LegacyConditions = Readonly<Record<string, LegacyCondition>>;

export const legacyConditionList = (conditions: LegacyConditions): readonly Condition[] =>
  Object.entries(conditions).map(([name, { ComparisonOperator: operator, AttributeValueList: list = [] }]) =>
    legacyCondition(name, operator, list),
  );

/** What QueryFilter or ScanFilter let pass. */
export const legacyFilter = (
  filter: LegacyConditions = {},
  operator?: ConditionalOperator,
): Condition | undefined => joined(legacyConditionList(filter), operator);
