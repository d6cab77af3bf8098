import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import type { Operation } from '@millrace/aws-protocol';
import type { Catalog } from '@millrace/catalog';
import type { Clock, Random } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { StreamsEvent } from './event.ts';
import type { TokenSealer } from './model/token-sealer.ts';

/** What every operation gets. */
export interface StreamsDeps {
  readonly catalog: Catalog;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly tokens: TokenSealer;
  /** Open shards that an account may have in a region. */
  readonly shardsMax: number;
  readonly onEvent: (event: StreamsEvent) => void;
}

export type KinesisOperation<Name extends keyof KinesisOperations> = Operation<
  KinesisOperations,
  Name,
  StreamsDeps
>;
