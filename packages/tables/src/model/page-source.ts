import type { Select } from '@millrace/aws-model/dynamodb';
import { invalid, invalidParameter } from '../errors.ts';
import type { Path } from '../expressions/tree.ts';
import type { IndexData } from '../store/index-data.ts';
import type { SortedMap } from '../store/sorted-map.ts';
import type { TableData } from '../store/table-data.ts';
import type { ItemKey } from '../store/table-record.ts';
import type { Item } from '../values/value.ts';
import { readItem, type WireItem } from '../values/wire.ts';
import { orderedKey, pick } from './item-key.ts';
import { type KeySchema, keyAttributes } from './table-definition.ts';

/** What Query and Scan read from: a table or one of its indexes. */
export interface PageSource {
  readonly items: SortedMap<Item>;
  /** By what items are in order here. */
  readonly key: KeySchema;
  /** What is seen of an item here. */
  readonly project: (item: Item) => Item;
  /** The attributes by which the next page finds the item. */
  readonly keyIn: (item: Item) => Item;
  /** The place of such attributes. */
  readonly placeOf: (start: WireItem) => string;
  readonly index?: IndexData;
}

const wrongStart = () => invalid('The provided starting key is invalid');

const namesOf = (...schemas: readonly KeySchema[]): readonly string[] => [
  ...new Set(schemas.flatMap(keyAttributes).map(({ name }) => name)),
];

/** Reads a start key that has just these attributes. */
const startItem = (start: WireItem, names: readonly string[]): Item => {
  const item = readItem(start);
  if (item.size !== names.length || names.some((name) => !item.has(name))) throw wrongStart();
  return item;
};

const required = (place: string | undefined): string => {
  if (place === undefined) throw wrongStart();
  return place;
};

const tableSource = ({ items, definition: { key } }: TableData): PageSource => ({
  items,
  key,
  project: (item) => item,
  keyIn: (item) => pick(item, namesOf(key)),
  placeOf: (start) => required(orderedKey(startItem(start, namesOf(key)), key)),
});

const indexSource = (index: IndexData, { definition: { key: tableKey } }: TableData): PageSource => {
  const names = namesOf(index.definition.key, tableKey);
  return {
    items: index.items,
    key: index.definition.key,
    project: (item) => index.project(item),
    keyIn: (item) => pick(item, names),
    placeOf: (start) => {
      const item = startItem(start, names);
      return required(index.keyOf(item, required(orderedKey(item, tableKey)) as ItemKey));
    },
    index,
  };
};

const usableIndex = (table: TableData, name: string): IndexData => {
  const index = table.index(name);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${name}`);
  if (index.definition.status === 'ACTIVE') return index;
  throw invalid(`Cannot read from backfilling global secondary index: ${name}`);
};

export const sourceOf = (
  table: TableData,
  indexName: string | undefined,
  isConsistent: boolean | undefined,
): PageSource => {
  if (indexName === undefined) return tableSource(table);
  if (isConsistent) throw invalid('Consistent reads are not supported on global secondary indexes');
  return indexSource(usableIndex(table, indexName), table);
};

/** An index cannot give what is not in it. */
export const checkSelection = (
  { index }: PageSource,
  select: Select | undefined,
  paths: readonly Path[] | undefined,
): void => {
  if (paths !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES') {
    throw invalid(
      `Cannot specify the AttributesToGet when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`,
    );
  }
  if (paths === undefined && select === 'SPECIFIC_ATTRIBUTES') {
    throw invalid(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (index === undefined) {
    if (select !== 'ALL_PROJECTED_ATTRIBUTES') return;
    throw invalidParameter('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  const { name, projection } = index.definition;
  if (select === 'ALL_ATTRIBUTES' && projection !== 'ALL') {
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
    );
  }
  const missing = (paths ?? [])
    .map(([attribute]) => attribute)
    .filter((attribute) => !index.projects(attribute));
  if (missing.length > 0) {
    throw invalidParameter(`Global secondary index ${name} does not project [${missing.join(', ')}]`);
  }
};
