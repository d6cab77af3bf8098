import { type LogEngine, logIdOf } from '@millrace/log';
import type { TableDefinition, TableId, TableName } from '../model/table-definition.ts';
import type { Item } from '../values/value.ts';
import type { Change, RecordId } from './change.ts';
import { RecordLog } from './record-log.ts';
import { TableData } from './table-data.ts';
import {
  type ItemKey,
  itemIn,
  itemRecordId,
  type TableRecord,
  tableRecordCodec,
  tableRecordId,
} from './table-record.ts';

const TABLES_LOG = logIdOf('tables');

export type TableChange = Change<TableRecord>;

/** All tables of all accounts: what is durable for readers, what is newest for who decides on writes. */
export class Tables {
  readonly records: RecordLog<TableRecord>;
  readonly #byName = new Map<RecordId, TableData>();
  readonly #byId = new Map<TableId, TableData>();
  readonly #doneAtMs = new Map<RecordId, number>();
  readonly #listeners = new Set<(table: TableDefinition) => void>();
  readonly #afterWrites: () => void;

  /** `afterWrites` is called when writes have become durable. */
  constructor(engine: LogEngine, afterWrites: () => void) {
    this.#afterWrites = afterWrites;
    this.records = new RecordLog({
      engine,
      log: TABLES_LOG,
      codec: tableRecordCodec,
      onChange: (change) => this.#take(change),
    });
  }

  /** Items may stand in the log before their table: a table's record is written again at times. */
  async open(): Promise<void> {
    const records = (await this.records.open()).map(([id, record]) => ({ id, record }));
    for (const change of records) if ('table' in change.record) this.#take(change);
    for (const change of records) if (!('table' in change.record)) this.#take(change);
  }

  /** Calls for every table that was made or changed, once that is durable. */
  onTable(listener: (table: TableDefinition) => void): void {
    this.#listeners.add(listener);
  }

  all(): Iterable<TableData> {
    return this.#byId.values();
  }

  /** As readers see it. */
  find(name: TableName): TableData | undefined {
    return this.#byName.get(tableRecordId(name));
  }

  get(id: TableId): TableData | undefined {
    return this.#byId.get(id);
  }

  newestTable(name: TableName): TableDefinition | undefined {
    const record = this.records.newest(tableRecordId(name));
    return record !== undefined && 'table' in record ? record.table : undefined;
  }

  newestItem(table: TableId, key: ItemKey): Item | undefined {
    const record = this.records.newest(itemRecordId(table, key));
    return record !== undefined && 'item' in record ? record.item : undefined;
  }

  /** Removes what is remembered of transactions from before this time. */
  doneBefore(atMs: number): readonly TableChange[] {
    return [...this.#doneAtMs]
      .filter(([, doneAtMs]) => doneAtMs < atMs)
      .map(([id]) => ({ id, record: undefined }));
  }

  write(changes: readonly TableChange[]): Promise<void> {
    return this.records.write(changes);
  }

  #take({ id, record }: TableChange): void {
    const item = itemIn(id);
    if (item !== undefined) this.#takeItem(item.table, item.key, record);
    else if (id.startsWith('table/')) this.#takeTable(id, record);
    else this.#takeDone(id, record);
    this.#afterWrites();
  }

  #takeItem(table: TableId, key: ItemKey, record: TableRecord | undefined): void {
    const data = this.#byId.get(table);
    if (record !== undefined && 'item' in record) data?.put(key, record.item);
    else data?.delete(key);
  }

  #takeDone(id: RecordId, record: TableRecord | undefined): void {
    if (record !== undefined && 'done' in record) this.#doneAtMs.set(id, record.done.atMs);
    else this.#doneAtMs.delete(id);
  }

  #takeTable(id: RecordId, record: TableRecord | undefined): void {
    const known = this.#byName.get(id);
    if (record === undefined || !('table' in record)) {
      this.#byName.delete(id);
      if (known !== undefined) this.#byId.delete(known.definition.id);
      return;
    }
    if (known !== undefined) known.define(record.table);
    else this.#add(id, new TableData(record.table));
    for (const listener of this.#listeners) listener(record.table);
  }

  #add(id: RecordId, table: TableData): void {
    this.#byName.set(id, table);
    this.#byId.set(table.definition.id, table);
  }
}

export const putTable = (table: TableDefinition): TableChange => ({
  id: tableRecordId(table),
  record: { table },
});

export const putItem = (table: TableId, key: ItemKey, item: Item): TableChange => ({
  id: itemRecordId(table, key),
  record: { item },
});

export const deleteItem = (table: TableId, key: ItemKey): TableChange => ({
  id: itemRecordId(table, key),
  record: undefined,
});
