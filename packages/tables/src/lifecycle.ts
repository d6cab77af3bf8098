import type { Clock } from '@millrace/core';
import { LogError } from '@millrace/log';
import type { TablesEvent } from './event.ts';
import type { IndexDefinition, TableDefinition, TableId } from './model/table-definition.ts';
import { tableRecordId } from './store/table-record.ts';
import { deleteItem, putTable, type Tables } from './store/tables.ts';

/** Items that are put into an index, or removed with their table, before others get their turn. */
const SLICE_ITEMS = 512;
const RETRY_AFTER_MS = 1_000;

export interface LifecycleOptions {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly onEvent: (event: TablesEvent) => void;
}

/** Indexes that were being made are there, those that were being deleted are not. */
const settled = (indexes: readonly IndexDefinition[]): readonly IndexDefinition[] =>
  indexes
    .filter(({ status }) => status !== 'DELETING')
    .map((index): IndexDefinition => ({ ...index, status: 'ACTIVE' }));

/**
 * Makes what is on record come true:
 *
 *     CREATING ──────────────────────────▶ ACTIVE
 *     UPDATING ── new indexes filled ────▶ ACTIVE
 *     DELETING ── items removed ─────────▶ gone
 *
 * A crash anywhere means to do it again, which is harmless.
 */
export class TableLifecycle {
  readonly #options: LifecycleOptions;
  readonly #working = new Map<TableId, Promise<void>>();
  #isClosed = false;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  start(): void {
    const { tables } = this.#options;
    tables.onTable((table) => this.#enqueue(table));
    for (const { definition } of tables.all()) this.#enqueue(definition);
  }

  /** Resolves once no work is under way; what is left is taken up at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#working.values());
  }

  #enqueue({ id, status }: TableDefinition): void {
    if (status === 'ACTIVE' || this.#isClosed || this.#working.has(id)) return;
    const work = this.#settle(id)
      .catch((error: unknown) => this.#failed(id, error))
      .finally(() => {
        this.#working.delete(id);
        this.#again(id);
      });
    this.#working.set(id, work);
  }

  /** For what came while the work was ending. */
  #again(id: TableId): void {
    const table = this.#options.tables.get(id);
    if (table !== undefined) this.#enqueue(table.definition);
  }

  async #failed(id: TableId, error: unknown): Promise<void> {
    const { clock, onEvent } = this.#options;
    if (this.#isClosed || (error instanceof LogError && error.code === 'closed')) return;
    onEvent({ type: 'life-cycle-failed', error });
    await new Promise<void>((resolve) => clock.after(RETRY_AFTER_MS, resolve));
    this.#again(id);
  }

  async #settle(id: TableId): Promise<void> {
    while (!this.#isClosed) {
      const status = this.#options.tables.get(id)?.definition.status;
      if (status === undefined || status === 'ACTIVE') return;
      if (status === 'DELETING') await this.#remove(id);
      else await this.#activate(id);
    }
  }

  async #activate(id: TableId): Promise<void> {
    const { tables } = this.#options;
    const table = tables.get(id)?.definition;
    if (table === undefined) return;
    for (const { name, status } of table.indexes) if (status === 'CREATING') await this.#fill(id, name);
    const newest = tables.newestTable(table);
    if (this.#isClosed || newest?.id !== id || newest.status === 'DELETING') return;
    await tables.write([putTable({ ...newest, indexes: settled(newest.indexes), status: 'ACTIVE' })]);
  }

  async #fill(id: TableId, index: string): Promise<void> {
    const { tables } = this.#options;
    for (let from = ''; !this.#isClosed; ) {
      const table = tables.get(id);
      const keys = table?.keysFrom(from, SLICE_ITEMS) ?? [];
      const last = keys.at(-1);
      if (last === undefined) return;
      table?.fill(index, keys);
      from = `${last}\0`;
      await this.#turn();
    }
  }

  async #remove(id: TableId): Promise<void> {
    const { tables } = this.#options;
    const table = tables.get(id);
    const keys = table?.keysFrom('', SLICE_ITEMS) ?? [];
    if (keys.length > 0) return tables.write(keys.map((key) => deleteItem(id, key)));
    if (table === undefined) return;
    await tables.write([{ id: tableRecordId(table.definition), record: undefined }]);
  }

  /** Lets others have theirs. */
  #turn(): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(0, resolve));
  }
}
