import type { ScanInput } from '@millrace/aws-model/dynamodb';
import type { TablesOperation } from '../deps.ts';
import { invalid } from '../errors.ts';
import type { KeyRange } from '../expressions/key-condition.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import type { Condition } from '../expressions/tree.ts';
import { legacyFilter } from '../legacy/conditions.ts';
import { readableTable } from '../model/find-table.ts';
import { checkSelection, sourceOf } from '../model/page-source.ts';
import { checkFilterOperator, pathsIn, placeholdersOf } from '../model/parameters.ts';
import { readPage } from '../model/read-page.ts';
import { segmentStart } from '../values/ordered-key.ts';

const filterIn = (input: ScanInput, placeholders: Placeholders): Condition | undefined => {
  const { FilterExpression: text, ScanFilter: legacy, ConditionalOperator: operator } = input;
  checkFilterOperator(operator, legacy);
  return text === undefined
    ? legacyFilter(legacy, operator)
    : parseCondition('FilterExpression', text, placeholders);
};

/** Segments cut the table by the hash of the partition key: together they are all of it, none overlaps another. */
const segmentIn = ({ Segment: segment, TotalSegments: count }: ScanInput): KeyRange => {
  if (segment === undefined && count !== undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (segment !== undefined && count === undefined) {
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  const [own, all] = [segment ?? 0, count ?? 1];
  if (own >= all) {
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${own} is not less than TotalSegments: ${all}`,
    );
  }
  return { low: segmentStart(own, all), high: segmentStart(own + 1, all) };
};

const rest = (range: KeyRange, place: string): KeyRange => {
  if (place >= range.low && place < range.high) return { ...range, low: `${place}\0` };
  throw invalid('The provided starting key is invalid: it lies in another segment');
};

export const scan: TablesOperation<'Scan'> = async (input, { tables }, context) => {
  const placeholders = placeholdersOf(input);
  const filter = filterIn(input, placeholders);
  const paths = pathsIn(input, placeholders);
  placeholders.checkAllUsed();
  const segment = segmentIn(input);
  const { ExclusiveStartKey: start, Select: select } = input;
  const table = readableTable(tables, input.TableName, context);
  const source = sourceOf(table, input.IndexName, input.ConsistentRead);
  checkSelection(source, select, paths);
  const range = start === undefined ? segment : rest(segment, source.placeOf(start));
  return readPage({ source, range, isForward: true, limit: input.Limit, filter, paths, select });
};
