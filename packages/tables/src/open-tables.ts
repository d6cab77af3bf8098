import type { Clock, Random } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { TablesDeps } from './deps.ts';
import type { TablesEvent } from './event.ts';
import { ExpirySweeper } from './expiry-sweeper.ts';
import { TableLifecycle } from './lifecycle.ts';
import { Compactor } from './store/compactor.ts';
import { Tables } from './store/tables.ts';

export interface TablesOptions {
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent?: (event: TablesEvent) => void;
}

export interface OpenTables {
  /** For `bindService(dynamoDbModel, dynamoDbTable, deps)`. */
  readonly deps: TablesDeps;
  /** Ends the work in the background and refuses writes; reads still answer. The engine stays open. */
  close(): Promise<void>;
}

/** Reads all tables from their log, and takes up what was under way with them. */
export const openTables = async (options: TablesOptions): Promise<OpenTables> => {
  const { engine, clock, random, onEvent = () => {} } = options;
  const tables: Tables = new Tables(engine, () => compactor.look());
  const compactor: Compactor = new Compactor({
    records: tables.records,
    onFailed: (error) => onEvent({ type: 'compaction-failed', error }),
  });
  await tables.open();
  const lifecycle = new TableLifecycle({ tables, clock, onEvent });
  const sweeper = new ExpirySweeper({ tables, clock, onEvent });
  lifecycle.start();
  sweeper.start();
  return {
    deps: { tables, clock, random },
    async close() {
      await Promise.all([lifecycle.close(), sweeper.close(), compactor.close()]);
      await tables.records.close();
    },
  };
};
