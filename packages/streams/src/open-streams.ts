import type { Catalog } from '@millrace/catalog';
import type { Clock, Random } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { StreamsDeps } from './deps.ts';
import type { StreamsEvent } from './event.ts';
import { StreamLifecycle } from './lifecycle.ts';
import { TokenSealer } from './model/token-sealer.ts';
import { RetentionSweeper } from './retention-sweeper.ts';

/** Open shards of an account in a region: AWS's quota in its largest regions. */
const SHARDS_MAX = 20_000;

export interface StreamsOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly shardsMax?: number;
  readonly onEvent?: (event: StreamsEvent) => void;
}

export interface Streams {
  /** For `bindService(kinesisModel, kinesisTable, deps)`. */
  readonly deps: StreamsDeps;
  /** Ends the work in the background; calls under way may still answer. Catalog and engine stay open. */
  close(): Promise<void>;
}

/**
 * Starts Data Streams over an open catalog and engine: takes up the making and removing of streams that was
 * under way, and the freeing of expired records.
 */
export const openStreams = async (options: StreamsOptions): Promise<Streams> => {
  const { catalog, random, shardsMax = SHARDS_MAX, onEvent = () => {} } = options;
  const { tokenKey } = catalog.state.secrets;
  if (tokenKey === undefined) throw new Error('the catalog has no token key');
  const deps = { ...options, shardsMax, onEvent, tokens: new TokenSealer(tokenKey, random) };
  const lifecycle = new StreamLifecycle(deps);
  const sweeper = new RetentionSweeper(deps);
  await lifecycle.start();
  sweeper.start();
  return {
    deps,
    async close() {
      await Promise.all([lifecycle.close(), sweeper.close()]);
    },
  };
};
