import type { Catalog } from '@millrace/catalog';
import { type Clock, type KeyService, type Meter, type Random, silentMeter } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { ConsumerLifecycle } from './consumer-lifecycle.ts';
import type { StreamsDeps } from './deps.ts';
import type { StreamsEvent } from './event.ts';
import { StreamLifecycle } from './lifecycle.ts';
import { DayCounts } from './limits/day-counts.ts';
import { type Limits, limitsOf } from './limits/limits.ts';
import { shardThroughputOf } from './limits/shard-throughput.ts';
import { StreamMetrics } from './metrics/stream-metrics.ts';
import { TokenSealer } from './model/token-sealer.ts';
import { OnDemandScaler } from './on-demand/on-demand-scaler.ts';
import { WriteDemand } from './on-demand/write-demand.ts';
import { RetentionSweeper } from './retention-sweeper.ts';
import { Subscriptions } from './subscribe/subscriptions.ts';
import { WriteGate } from './write-gate.ts';

export interface StreamsOptions {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly random: Random;
  /** Of all accounts: what encrypted streams are encrypted under. */
  readonly keys: KeyService;
  /** AWS's quotas and throttles, or none of them. */
  readonly limits?: Limits;
  readonly shardsMax?: number;
  readonly consumersMax?: number;
  readonly onEvent?: (event: StreamsEvent) => void;
  readonly meter?: Meter;
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
  const { catalog, clock, random, onEvent = () => {}, meter = silentMeter } = options;
  const { limits = limitsOf('none') } = options;
  const { shardsMax = limits.quotas.shards, consumersMax = limits.quotas.consumers } = options;
  const { tokenKey } = catalog.state.secrets;
  if (tokenKey === undefined) throw new Error('the catalog has no token key');
  const tokens = new TokenSealer(tokenKey, random);
  const gate = new WriteGate(options);
  const metrics = new StreamMetrics(meter);
  const subscriptions = new Subscriptions({ ...options, metrics });
  const demand = new WriteDemand(clock);
  const capacity = {
    limits,
    demand,
    dayCounts: new DayCounts(clock),
    throughput: shardThroughputOf(limits, clock),
  };
  const deps = {
    ...options,
    ...capacity,
    subscriptions,
    consumersMax,
    shardsMax,
    onEvent,
    tokens,
    gate,
    metrics,
  };
  const lifecycle = new StreamLifecycle(deps);
  const sweeper = new RetentionSweeper(deps);
  const consumerLifecycle = new ConsumerLifecycle(deps);
  const scaler = new OnDemandScaler(deps);
  await lifecycle.start();
  consumerLifecycle.start();
  sweeper.start();
  scaler.start();
  return {
    deps,
    async close() {
      gate.close();
      subscriptions.close();
      await Promise.all([lifecycle.close(), consumerLifecycle.close(), sweeper.close(), scaler.close()]);
    },
  };
};
