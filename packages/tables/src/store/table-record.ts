import type { Brand } from '@millrace/core';
import type { TableDefinition, TableId, TableName } from '../model/table-definition.ts';
import { restoreItem, type StoredItem, storeItem } from '../values/stored.ts';
import type { Item } from '../values/value.ts';
import type { RecordCodec, RecordId } from './change.ts';

/** The ordered key of an item within its table. */
export type ItemKey = Brand<string, 'ItemKey'>;

/** A transaction that was carried out, so that it is not carried out again when its client asks again. */
export interface DoneTransaction {
  /** Of all that was asked. */
  readonly digest: string;
  readonly atMs: number;
}

/** Everything that the log holds. */
export type TableRecord =
  | { readonly table: TableDefinition }
  | { readonly item: Item }
  | { readonly done: DoneTransaction };

const ITEM_PREFIX = 'item/';
const ID_CHARACTERS = 36;

export const tableRecordId = ({ account, region, name }: TableName): RecordId =>
  `table/${account}/${region}/${name}` as RecordId;

export const itemRecordId = (table: TableId, key: ItemKey): RecordId =>
  `${ITEM_PREFIX}${table}/${key}` as RecordId;

export const doneRecordId = (account: string, region: string, token: string): RecordId =>
  `done/${account}/${region}/${token}` as RecordId;

/** Undefined for the id of another kind of record. */
export const itemIn = (id: RecordId): { table: TableId; key: ItemKey } | undefined =>
  id.startsWith(ITEM_PREFIX)
    ? {
        table: id.slice(ITEM_PREFIX.length, ITEM_PREFIX.length + ID_CHARACTERS) as TableId,
        key: id.slice(ITEM_PREFIX.length + ID_CHARACTERS + 1) as ItemKey,
      }
    : undefined;

export const tableRecordCodec: RecordCodec<TableRecord> = {
  store: (record) => ('item' in record ? { item: storeItem(record.item) } : record),
  restore: (stored) =>
    (stored as object as { item?: StoredItem }).item === undefined
      ? (stored as TableRecord)
      : { item: restoreItem((stored as { item: StoredItem }).item) },
};
