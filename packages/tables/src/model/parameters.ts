import type { ConditionalOperator, ExpectedAttributeValue } from '@millrace/aws-model/dynamodb';
import { invalid, invalidParameter } from '../errors.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import { parseProjection } from '../expressions/parse-projection.ts';
import { type PlaceholderInput, Placeholders } from '../expressions/placeholders.ts';
import type { Condition, Path } from '../expressions/tree.ts';
import { expectedConditions } from '../legacy/conditions.ts';

/** The members of a request that are expressions, and those that came before these. */
const EXPRESSIONS = [
  'UpdateExpression',
  'FilterExpression',
  'ProjectionExpression',
  'KeyConditionExpression',
  'ConditionExpression',
] as const;
const NON_EXPRESSIONS = [
  'AttributesToGet',
  'AttributeUpdates',
  'Expected',
  'QueryFilter',
  'ScanFilter',
  'KeyConditions',
  'ConditionalOperator',
] as const;

type Given = Readonly<Record<string, unknown>>;

const givenOf = (input: Given, names: readonly string[]): readonly string[] =>
  names.filter((name) => input[name] !== undefined);

const checkNotMixed = (input: Given): void => {
  const [expressions, others] = [givenOf(input, EXPRESSIONS), givenOf(input, NON_EXPRESSIONS)];
  if (expressions.length === 0 || others.length === 0) return;
  throw invalid(
    `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${others.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
  );
};

/** The placeholders of a request, after what AWS looks at before any expression. */
export const placeholdersOf = (input: object & PlaceholderInput): Placeholders => {
  checkNotMixed(input as Given);
  if (givenOf(input as Given, EXPRESSIONS).length === 0) {
    for (const member of ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const) {
      if (input[member] !== undefined)
        throw invalid(`${member} can only be specified when using expressions`);
    }
  }
  return new Placeholders(input);
};

export interface ConditionInput extends PlaceholderInput {
  readonly ConditionExpression?: string | undefined;
  readonly Expected?: Readonly<Record<string, ExpectedAttributeValue>> | undefined;
  readonly ConditionalOperator?: ConditionalOperator | undefined;
}

const checkConditionalOperator = (
  operator: ConditionalOperator | undefined,
  tests: object | undefined,
): void => {
  if (operator === undefined) return;
  const count = Object.keys(tests ?? {}).length;
  if (count === 0) {
    throw invalid('ConditionalOperator cannot be used without Filter or Expected');
  }
  if (count === 1) {
    throw invalid('ConditionalOperator can only be used when Filter or Expected has two or more elements');
  }
};

/** In whichever way the request says it. */
export const conditionIn = (input: ConditionInput, placeholders: Placeholders): Condition | undefined => {
  const { ConditionExpression: text, Expected: expected, ConditionalOperator: operator } = input;
  checkConditionalOperator(operator, expected);
  return text === undefined
    ? expectedConditions(expected, operator)
    : parseCondition('ConditionExpression', text, placeholders);
};

export const checkFilterOperator = checkConditionalOperator;

export interface ProjectionInput extends PlaceholderInput {
  readonly ProjectionExpression?: string | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
}

/** Undefined where all of an item is wanted. */
export const pathsIn = (
  { ProjectionExpression: text, AttributesToGet: names }: ProjectionInput,
  placeholders: Placeholders,
): readonly Path[] | undefined => {
  if (text !== undefined) return parseProjection(text, placeholders);
  if (names !== undefined && new Set(names).size < names.length) {
    throw invalidParameter(
      `Duplicate value in attribute name: ${names.find((name, at) => names.indexOf(name) < at)}`,
    );
  }
  return names?.map((name): Path => [name]);
};
