import type { Clock } from '@millrace/client-common';
import type { Settings } from '../settings.ts';
import type { Shard } from '../shards/shard.ts';
import type { TimedTransport } from '../timed-services.ts';
import type { StreamConsumer } from './stream-consumer.ts';
import type { IteratorStart, StoredRecord } from './transport.ts';

/** One answer, or one event. */
export interface Reading {
  readonly records: readonly StoredRecord[];
  readonly millisBehindLatest: number;
  /** The shard is closed and this was its end: its children, where the service told them. */
  readonly childShards: readonly Shard[] | undefined;
  /** To wait before the next one. */
  readonly pauseMs: number;
}

/** A way to read a shard, one reading after another. */
export interface RecordSource {
  /**
   * What comes next; undefined for nothing yet, or when the signal comes. After it has rejected the next one goes on
   * at the same place.
   */
  read(signal: AbortSignal): Promise<Reading | undefined>;
}

export interface RecordSourceParts {
  readonly clock: Clock;
  /** Of the shard's stream. */
  readonly transport: TimedTransport;
  readonly streamConsumer: StreamConsumer;
  readonly settings: Settings;
  readonly shardId: string;
  readonly start: IteratorStart;
}
