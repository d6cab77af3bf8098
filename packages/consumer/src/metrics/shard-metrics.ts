import type { Clock } from '@millrace/client-common';
import { isExpiredIterator } from '../errors.ts';
import type { RecordProcessor } from '../processing/record-processor.ts';
import type { TimedTransport } from '../timed-services.ts';
import type { MetricScope, MetricShard, Metrics } from './metrics.ts';

/** How far a worker is with a shard. */
export interface ShardProgress {
  readonly streamName: string;
  readonly shardId: string;
  /** How far the last batch that was processed lay behind the end of the shard; undefined before the first. */
  readonly millisBehindLatest: number | undefined;
  /** User records processed, and their data as it was stored, since this worker took the lease. */
  readonly records: number;
  readonly bytes: number;
}

export type ShardTask = 'BlockOnParentShardTask' | 'InitializeTask' | 'ShutdownTask';

/** What is handed to a processor together. */
export interface DeliveredBatch {
  readonly records: readonly unknown[];
  readonly bytes: number;
  readonly millisBehindLatest: number;
}

/** What is measured of the work on one lease. Nothing is counted record by record. */
export class ShardMetrics {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #shard: MetricShard;
  readonly #scope: MetricScope<'ProcessTask'>;
  #millisBehindLatest: number | undefined;
  #records = 0;
  #bytes = 0;
  /** Readings that are not processed yet. */
  #waiting = 0;

  constructor(clock: Clock, metrics: Metrics, shard: MetricShard) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#shard = shard;
    this.#scope = metrics.ofShard(shard);
  }

  get progress(): ShardProgress {
    const { stream, shardId } = this.#shard;
    return {
      streamName: stream.streamName,
      shardId,
      millisBehindLatest: this.#millisBehindLatest,
      records: this.#records,
      bytes: this.#bytes,
    };
  }

  /** A reading goes to the processor, or had nothing in it; if nothing waits then, that is how far behind all is. */
  read(isHanded: boolean, millisBehindLatest: number): void {
    if (isHanded) this.#waiting++;
    else if (this.#waiting === 0) this.#behind(millisBehindLatest);
  }

  /** Of a batch: what there was to do, how long it takes, whether it succeeds. */
  async process(batch: DeliveredBatch, work: () => Promise<void>): Promise<void> {
    const { records, bytes, millisBehindLatest } = batch;
    this.#waiting--;
    this.#behind(millisBehindLatest);
    await this.#scope.attempt('Success', 'Time', work);
    this.#records += records.length;
    this.#bytes += bytes;
    this.#scope.observe('RecordsProcessed', records.length);
    this.#scope.observe('DataBytesProcessed', bytes);
  }

  /** One of the other tasks in the life of a processor. */
  task(operation: ShardTask, sinceMs: number, isSuccess: boolean): void {
    const scope = this.#metrics.of(operation);
    scope.observe('Success', isSuccess ? 1 : 0);
    scope.observe('Time', this.#clock.monotonic() - sinceMs);
  }

  checkpoint(write: () => Promise<void>): Promise<void> {
    return this.#scope.attempt('UpdateLease.Success', 'UpdateLease.Time', write);
  }

  /** The same processor, whose time is taken. */
  measured(processor: RecordProcessor): RecordProcessor {
    const initializing = this.#metrics.of('InitializeTask');
    const ending = this.#metrics.of('ShutdownTask');
    const end = (call: () => Promise<void> | void): Promise<void> =>
      ending.time('RecordProcessor.shutdown.Time', call);
    return {
      initialize: (beginning) =>
        initializing.time('RecordProcessor.initialize.Time', () => processor.initialize?.(beginning)),
      processRecords: (batch) =>
        this.#scope.time('RecordProcessor.processRecords.Time', () => processor.processRecords(batch)),
      leaseLost: () => end(() => processor.leaseLost?.()),
      shardEnded: (checkpointer) => end(() => processor.shardEnded(checkpointer)),
      shutdownRequested: (checkpointer) => end(() => processor.shutdownRequested?.(checkpointer)),
    };
  }

  /** The same transport, whose reads are measured. */
  measuredReads(transport: TimedTransport): TimedTransport {
    const initializing = this.#metrics.of('InitializeTask');
    const [iterator, records] = ['KinesisDataFetcher.getIterator', 'KinesisDataFetcher.getRecords'] as const;
    return {
      ...transport,
      getIterator: (shardId, start) =>
        initializing.attempt(`${iterator}.Success`, `${iterator}.Time`, () =>
          transport.getIterator(shardId, start),
        ),
      getRecords: async (from, recordsMax) => {
        try {
          return await this.#scope.attempt(`${records}.Success`, `${records}.Time`, () =>
            transport.getRecords(from, recordsMax),
          );
        } catch (error) {
          if (isExpiredIterator(error)) this.#scope.observe('ExpiredIterator', 1);
          throw error;
        }
      },
    };
  }

  /** The work on the lease is over. */
  close(): void {
    this.#metrics.leave(this.#scope);
  }

  #behind(millisBehindLatest: number): void {
    this.#millisBehindLatest = millisBehindLatest;
    this.#scope.observe('MillisBehindLatest', millisBehindLatest);
    this.#metrics.of('ApplicationTracker').observe('MillisBehindLatest', millisBehindLatest);
  }
}
