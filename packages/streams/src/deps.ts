import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import type { Operation } from '@millrace/aws-protocol';
import type { Catalog } from '@millrace/catalog';
import type { Clock, KeyService, Random } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { StreamsEvent } from './event.ts';
import type { DayCounts } from './limits/day-counts.ts';
import type { Limits } from './limits/limits.ts';
import type { ShardThroughput } from './limits/shard-throughput.ts';
import type { StreamMetrics } from './metrics/stream-metrics.ts';
import type { TokenSealer } from './model/token-sealer.ts';
import type { WriteDemand } from './on-demand/write-demand.ts';
import type { Subscriptions } from './subscribe/subscriptions.ts';
import type { WriteGate } from './write-gate.ts';

/** What every operation gets. */
export interface StreamsDeps {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyService;
  readonly tokens: TokenSealer;
  /** Every write to a shard's log goes through it. */
  readonly gate: WriteGate;
  readonly metrics: StreamMetrics;
  readonly subscriptions: Subscriptions;
  /** Consumers with enhanced fan-out that a stream may have. */
  readonly consumersMax: number;
  /** Open shards that an account may have in a region. */
  readonly shardsMax: number;
  readonly limits: Limits;
  readonly dayCounts: DayCounts;
  /** Undefined where shards are not throttled. */
  readonly throughput: ShardThroughput | undefined;
  /** What is written to on-demand streams. */
  readonly demand: WriteDemand;
  readonly onEvent: (event: StreamsEvent) => void;
}

export type KinesisOperation<Name extends keyof KinesisOperations> = Operation<
  KinesisOperations,
  Name,
  StreamsDeps
>;
