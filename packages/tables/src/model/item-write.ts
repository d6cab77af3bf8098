import { conditionFailed, invalid, invalidParameter } from '../errors.ts';
import { isTrue } from '../expressions/evaluate-condition.ts';
import type { Condition } from '../expressions/tree.ts';
import type { ItemKey } from '../store/table-record.ts';
import { deleteItem, putItem, type TableChange, type Tables } from '../store/tables.ts';
import { ITEM_BYTES_MAX, itemBytes } from '../values/size.ts';
import { type Item, isEmpty, isKeyValue } from '../values/value.ts';
import { writeItem } from '../values/wire.ts';
import { writableTable } from './find-table.ts';
import { keyAttributes, type TableDefinition, type TableName } from './table-definition.ts';

/** What a request wants to do with one item; the table's shape is looked up when it is decided on. */
export interface ItemWrite {
  readonly table: TableName;
  readonly keyIn: (table: TableDefinition) => ItemKey;
  readonly condition?: Condition | undefined;
  /** Whether the item goes with the refusal. */
  readonly tellsItem: boolean;
  /** What stands there afterwards, or nothing. */
  readonly outcome: (before: Item | undefined, table: TableDefinition) => Item | undefined;
  /** Of a text about an item that is too large. */
  readonly sizeText?: string;
}

export interface DecidedWrite {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly table: TableDefinition;
  readonly key: ItemKey;
  readonly change: TableChange | undefined;
}

const NOTHING: Item = new Map();

const checkIndexKeys = (item: Item, { indexes }: TableDefinition): void => {
  for (const { name: index, key } of indexes) {
    for (const { name, type } of keyAttributes(key)) {
      const value = item.get(name);
      if (value === undefined) continue;
      if (value.type !== type) {
        throw invalidParameter(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${value.type} IndexName: ${index}`,
        );
      }
      if (isKeyValue(value) && isEmpty(value)) {
        throw invalid(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index}, IndexKey: ${name}`,
        );
      }
    }
  }
};

const changeOf = (
  table: TableDefinition,
  key: ItemKey,
  before: Item | undefined,
  after: Item | undefined,
): TableChange | undefined => {
  if (after !== undefined) return putItem(table.id, key, after);
  return before === undefined ? undefined : deleteItem(table.id, key);
};

/** Throws what stands in the way; changes nothing itself. */
export const decideItemWrite = (tables: Tables, write: ItemWrite): DecidedWrite => {
  const table = writableTable(tables, write.table);
  const key = write.keyIn(table);
  const before = tables.newestItem(table.id, key);
  if (write.condition !== undefined && !isTrue(write.condition, before ?? NOTHING)) {
    throw conditionFailed(write.tellsItem && before !== undefined ? writeItem(before) : undefined);
  }
  const after = write.outcome(before, table);
  if (after !== undefined && after !== before) {
    if (itemBytes(after) > ITEM_BYTES_MAX) {
      throw invalid(write.sizeText ?? 'Item size has exceeded the maximum allowed size');
    }
    checkIndexKeys(after, table);
  }
  return { before, after, table, key, change: changeOf(table, key, before, after) };
};
