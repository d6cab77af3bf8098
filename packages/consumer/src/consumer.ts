import type { Clock, MetricUpload, Random } from '@millrace/client-common';
import { ConsumerError } from './errors.ts';
import { type ConsumerEvent, type Report, safely } from './event.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { CpuMeter } from './leases/worker-reporter.ts';
import { Metrics } from './metrics/metrics.ts';
import { type MetricsOptions, metricsUpload } from './metrics/metrics-upload.ts';
import { openTelemetryObserver } from './metrics/open-telemetry.ts';
import type { ShardProgress } from './metrics/shard-metrics.ts';
import { AutoCheckpoint } from './processing/auto-checkpoint.ts';
import { type Batch, BatchProcessor, BatchQueue } from './processing/batch-queue.ts';
import { guarded } from './processing/guarded-processor.ts';
import { HandlerProcessor, type RecordHandler } from './processing/handler-processor.ts';
import { PoisonGuard, type PoisonPolicy } from './processing/poison.ts';
import type { ProcessorFactory } from './processing/record-processor.ts';
import type { StreamConsumerOptions } from './reading/stream-consumer.ts';
import type { Transport } from './reading/transport.ts';
import { type Settings, settingsFrom } from './settings.ts';
import type { InitialPosition } from './shards/shard.ts';
import { checkedPosition } from './shards/stream-options.ts';
import { oneStream, type StreamSource } from './shards/stream-source.ts';
import { Worker } from './worker.ts';

export interface ConsumerOptions extends Partial<Settings>, StreamConsumerOptions, MetricsOptions {
  /** This worker among those of its application; none other may have the same name. */
  readonly workerId: string;
  /** Where shards begin that the application never read. TRIM_HORIZON, the oldest record, unless given. */
  readonly initialPosition?: InitialPosition | undefined;
  readonly poison?: PoisonPolicy | undefined;
  /** Hears of every error and of what happens to leases. */
  readonly onEvent?: ((event: ConsumerEvent) => void) | undefined;
}

/** The settings among the options, and what they are unless given. */
export const settingsIn = (options: Omit<ConsumerOptions, 'workerId'>): Settings => {
  const {
    workerId: _workerId,
    initialPosition: _position,
    poison: _poison,
    onEvent: _onEvent,
    ...rest
  } = options as ConsumerOptions;
  const { consumerName: _name, consumerArn: _arn, ...measured } = rest;
  const { metricSink: _sink, metricsNamespace: _namespace, meter: _meter, ...given } = measured;
  return settingsFrom(given);
};

/** What a consumer does just now. */
export interface ConsumerMetrics {
  readonly workerId: string;
  /** Leases that it has. */
  readonly leases: number;
  readonly shards: readonly ShardProgress[];
}

/** Where records come from: one stream, or several. */
export type ConsumerStreams =
  | { readonly transport: Transport; readonly streamName?: string; readonly source?: undefined }
  | { readonly source: StreamSource; readonly transport?: undefined };

export type ConsumerParts = ConsumerStreams & {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LeaseStore;
  /** Undefined where it cannot be told how busy the processor is. */
  readonly cpuMeter?: CpuMeter | undefined;
  /** Ends what the store keeps open. */
  readonly closeStore?: () => void;
};

const checkedConsumer = (
  options: StreamConsumerOptions,
  { retrieval }: Settings,
  { mode }: StreamSource,
): StreamConsumerOptions => {
  if (mode === 'multi' && options.consumerArn !== undefined) {
    throw new ConsumerError(
      'InvalidSettings',
      'a consumerArn is of one stream; for several, give a consumerName',
    );
  }
  const isNamed = options.consumerName !== undefined || options.consumerArn !== undefined;
  if (isNamed || retrieval !== 'fanOut') return options;
  throw new ConsumerError('InvalidSettings', 'fanOut needs a consumerName or a consumerArn');
};

/**
 * One worker of an application that reads a stream: it shares the shards with all others that use the same lease
 * table. `createConsumer` makes one. It runs once, in one of three forms.
 */
export class Consumer {
  readonly #parts: Omit<ConsumerParts, keyof ConsumerStreams>;
  readonly #source: StreamSource;
  readonly #settings: Settings;
  readonly #report: Report;
  readonly #guard: PoisonGuard;
  readonly #workerId: string;
  readonly #initialPosition: InitialPosition;
  readonly #streamConsumer: StreamConsumerOptions;
  readonly #metrics: Metrics;
  readonly #upload: MetricUpload;
  #worker: Worker | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ConsumerOptions, parts: ConsumerParts) {
    const { workerId, initialPosition = 'TRIM_HORIZON', poison: policy = 'stop', onEvent, meter } = options;
    this.#parts = parts;
    this.#source = parts.source ?? oneStream(parts.transport, parts.streamName ?? '');
    this.#settings = settingsIn(options);
    const { consumerName, consumerArn } = options;
    this.#streamConsumer = checkedConsumer({ consumerName, consumerArn }, this.#settings, this.#source);
    this.#initialPosition = checkedPosition(initialPosition);
    this.#report = safely(onEvent);
    this.#workerId = workerId;
    const { backoffMsMax } = this.#settings;
    this.#metrics = new Metrics(parts.clock, meter && openTelemetryObserver(meter));
    const upload = { ...options, clock: parts.clock, settings: this.#settings, report: this.#report };
    this.#upload = metricsUpload(this.#metrics, upload);
    this.#guard = new PoisonGuard({ ...parts, backoffMsMax, policy, report: this.#report });
  }

  /**
   * Hands every record to the handler, in the order of its shard, and writes down by itself how far it got: a record
   * comes again when a worker dies before that. Resolves after `stop`; rejects when the handler fails and the
   * poison policy says stop.
   */
  run(handler: RecordHandler): Promise<void> {
    return this.#run(
      () => new HandlerProcessor(this.#parts.clock, handler, this.#guard, this.#autoCheckpoint()),
    );
  }

  /** The long form: a processor for each shard, which checkpoints when it sees fit. */
  runProcessors(makeProcessor: ProcessorFactory): Promise<void> {
    return this.#run((shardId, stream) => guarded(makeProcessor(shardId, stream), this.#guard));
  }

  /**
   * The batches of all shards, one at a time. Asking for the next one says that the last is done; leaving the loop
   * stops the consumer, and the batch in hand comes again.
   */
  async *batches(): AsyncGenerator<Batch, void, void> {
    const queue = new BatchQueue();
    const running = this.#run((shardId, { streamName }) => {
      return new BatchProcessor({ shardId, streamName }, queue, this.#autoCheckpoint());
    });
    const close = (): void => queue.close();
    running.then(close, close);
    try {
      for (let batch = await queue.next(); batch !== undefined; batch = await queue.next()) yield batch;
    } finally {
      queue.close();
      this.#worker?.stop();
      await running;
    }
  }

  /** How far it is with the shards that it has now. Costs next to nothing. */
  metrics(): ConsumerMetrics {
    const shards = this.#worker?.progress ?? [];
    return { workerId: this.#workerId, leases: shards.length, shards };
  }

  /** Asks all processors to come to an end and gives up the leases, so that others go on at once. */
  async stop(): Promise<void> {
    this.#worker?.stop();
    // Who runs it is told how it ended.
    await this.#running?.catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #run(makeProcessor: ProcessorFactory): Promise<void> {
    if (this.#worker !== undefined) {
      return Promise.reject(new ConsumerError('Running', 'a consumer runs once; make another one'));
    }
    this.#worker = new Worker({
      ...this.#parts,
      ...this.#streamConsumer,
      source: this.#source,
      metrics: this.#metrics,
      workerId: this.#workerId,
      initialPosition: this.#initialPosition,
      settings: this.#settings,
      makeProcessor,
      report: this.#report,
    });
    this.#upload.start();
    this.#running = this.#worker.run().finally(() => this.#close());
    return this.#running;
  }

  async #close(): Promise<void> {
    this.#source.close();
    this.#parts.closeStore?.();
    await this.#upload.close();
  }

  #autoCheckpoint(): AutoCheckpoint {
    return new AutoCheckpoint(this.#parts.clock, this.#settings.checkpointMs, this.#report);
  }
}
