import type { QueryInput } from '@millrace/aws-model/dynamodb';
import type { TablesOperation } from '../deps.ts';
import { invalid } from '../errors.ts';
import { attributesIn } from '../expressions/attributes-in.ts';
import { type KeyRange, keyRangeOf } from '../expressions/key-condition.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import type { Condition } from '../expressions/tree.ts';
import { legacyConditionList, legacyFilter } from '../legacy/conditions.ts';
import { readableTable } from '../model/find-table.ts';
import { checkSelection, type PageSource, sourceOf } from '../model/page-source.ts';
import { checkFilterOperator, pathsIn, placeholdersOf } from '../model/parameters.ts';
import { readPage } from '../model/read-page.ts';
import { keyAttributes } from '../model/table-definition.ts';

const keyConditionIn = (
  { KeyConditionExpression: text, KeyConditions: legacy }: QueryInput,
  placeholders: Placeholders,
): Condition => {
  if (text !== undefined) return parseCondition('KeyConditionExpression', text, placeholders);
  if (legacy !== undefined) return { kind: 'all', conditions: legacyConditionList(legacy) };
  throw invalid(
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  );
};

const filterIn = (input: QueryInput, placeholders: Placeholders): Condition | undefined => {
  const { FilterExpression: text, QueryFilter: legacy, ConditionalOperator: operator } = input;
  checkFilterOperator(operator, legacy);
  return text === undefined
    ? legacyFilter(legacy, operator)
    : parseCondition('FilterExpression', text, placeholders);
};

const checkFilter = (filter: Condition, { key }: PageSource, input: QueryInput): void => {
  const used = attributesIn(filter);
  const wrong = keyAttributes(key).find(({ name }) => used.has(name));
  if (wrong === undefined) return;
  const what = input.FilterExpression === undefined ? 'QueryFilter' : 'Filter Expression';
  throw invalid(`${what} can only contain non-primary key attributes: Primary key attribute: ${wrong.name}`);
};

/** What is left of a range behind the item that the page before ended with. */
const rest = (range: KeyRange, place: string, isForward: boolean): KeyRange => {
  if (place < range.low || place >= range.high) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  return isForward ? { ...range, low: `${place}\0` } : { ...range, high: place };
};

export const query: TablesOperation<'Query'> = async (input, { tables }, context) => {
  const placeholders = placeholdersOf(input);
  const keyCondition = keyConditionIn(input, placeholders);
  const filter = filterIn(input, placeholders);
  const paths = pathsIn(input, placeholders);
  placeholders.checkAllUsed();
  const { ExclusiveStartKey: start, ScanIndexForward: isForward = true, Select: select } = input;
  const table = readableTable(tables, input.TableName, context);
  const source = sourceOf(table, input.IndexName, input.ConsistentRead);
  checkSelection(source, select, paths);
  if (filter !== undefined) checkFilter(filter, source, input);
  const whole = keyRangeOf(keyCondition, source.key);
  const range = start === undefined ? whole : rest(whole, source.placeOf(start), isForward);
  return readPage({ source, range, isForward, limit: input.Limit, filter, paths, select });
};
