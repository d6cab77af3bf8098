import type { Clock, Timer } from '@millrace/core';
import type { TablesEvent } from './event.ts';
import { TOKEN_LIFETIME_MS } from './model/transaction-token.ts';
import type { TableData } from './store/table-data.ts';
import type { ItemKey } from './store/table-record.ts';
import { deleteItem, type Tables } from './store/tables.ts';
import { decimalText } from './values/decimal.ts';
import type { Item } from './values/value.ts';

const SWEEP_EVERY_MS = 60_000;
const SLICE_ITEMS = 512;
/** What says that its time was longer ago than this is taken for a mistake and left alone (developer guide). */
const PAST_SECONDS_MAX = 5 * 365 * 86_400;

export interface SweeperOptions {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly onEvent: (event: TablesEvent) => void;
}

const hasExpired = (item: Item | undefined, attribute: string, nowMs: number): boolean => {
  const value = item?.get(attribute);
  if (value?.type !== 'N') return false;
  const ageSeconds = nowMs / 1000 - Number(decimalText(value.value));
  return ageSeconds > 0 && ageSeconds < PAST_SECONDS_MAX;
};

/** Removes items that have had their time, and what is remembered of transactions for longer than it needs to be. */
export class ExpirySweeper {
  readonly #options: SweeperOptions;
  #timer: Timer | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(SWEEP_EVERY_MS, () => {
      this.#sweeping = this.#sweep()
        .catch((error: unknown) => this.#options.onEvent({ type: 'expiry-failed', error }))
        .finally(() => this.start());
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { tables, clock } = this.#options;
    await tables.write(tables.doneBefore(clock.now() - TOKEN_LIFETIME_MS));
    for (const table of [...tables.all()]) {
      const { expiryAttribute, status } = table.definition;
      if (expiryAttribute !== undefined && status !== 'DELETING')
        await this.#sweepTable(table, expiryAttribute);
    }
  }

  async #sweepTable(table: TableData, attribute: string): Promise<void> {
    const { clock } = this.#options;
    for (let from = ''; !this.#isClosed; ) {
      const keys = table.keysFrom(from, SLICE_ITEMS);
      const last = keys.at(-1);
      if (last === undefined) return;
      await this.#removeExpired(table, keys, attribute);
      from = `${last}\0`;
      await new Promise<void>((resolve) => clock.after(0, resolve));
    }
  }

  /** By the newest state, so that an item whose time was prolonged just now stays. */
  async #removeExpired(table: TableData, keys: readonly ItemKey[], attribute: string): Promise<void> {
    const { tables, clock } = this.#options;
    const { id } = table.definition;
    const nowMs = clock.now();
    const expired = keys.filter((key) => hasExpired(tables.newestItem(id, key), attribute, nowMs));
    await tables.write(expired.map((key) => deleteItem(id, key)));
  }
}
