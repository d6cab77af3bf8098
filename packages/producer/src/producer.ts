import type { Writable } from 'node:stream';
import type { UserRecord } from '@millrace/aggregation';
import { type Clock, type MeterLike, type MetricSink, MetricUpload } from '@millrace/client-common';
import { Admission } from './admission.ts';
import { ProducerError } from './errors.ts';
import { Generations } from './generations.ts';
import { producerData } from './metrics/metric-data.ts';
import { type Measured, Metrics } from './metrics/metrics.ts';
import { openTelemetryObserver } from './metrics/open-telemetry.ts';
import { type Admitted, PendingRecord, type PutResult } from './pending-record.ts';
import { Pipeline } from './pipeline.ts';
import { type PutOutcome, putAll } from './put-all.ts';
import { type Settings, settingsFrom } from './settings.ts';
import type { Transport } from './transport.ts';
import { checkedBytes } from './user-record-check.ts';
import { writableOf } from './writable.ts';

export interface ProducerOptions extends Partial<Settings> {
  readonly streamName: string;
  /** Takes the metrics from time to time: usually CloudWatch's PutMetricData. */
  readonly metricSink?: MetricSink | undefined;
  /** An OpenTelemetry meter: records every sample as it happens. */
  readonly meter?: MeterLike | undefined;
}

export interface ProducerParts {
  readonly clock: Clock;
  readonly transport: Transport;
}

/** Puts records into one stream. `createProducer` makes one; the parts and their order are drawn in PendingRecord. */
export class Producer {
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #metrics: Metrics;
  readonly #upload: MetricUpload;
  readonly #admission: Admission;
  readonly #generations = new Generations();
  readonly #pipeline: Pipeline;
  readonly #onSettled = (user: PendingRecord): void => {
    this.#generations.end(user.generation);
    this.#admission.leave(user.bytes);
  };
  #closed: Promise<void> | undefined;

  constructor(options: ProducerOptions, { clock, transport }: ProducerParts) {
    const { streamName, metricSink: sink, meter, ...given } = options;
    const settings = settingsFrom(given);
    this.#clock = clock;
    this.#settings = settings;
    this.#transport = transport;
    this.#admission = new Admission(settings);
    const metrics = new Metrics(meter && openTelemetryObserver(meter, streamName));
    this.#metrics = metrics;
    this.#upload = new MetricUpload({
      clock,
      namespace: settings.metricsNamespace,
      uploadMs: settings.metricsUploadMs,
      sink: settings.metricsLevel === 'none' ? undefined : sink,
      collect: () => {
        metrics.pending(this.#admission.records);
        return producerData(metrics.takeRecent(), { settings, streamName, nowMs: clock.now() });
      },
      // The totals stay readable.
      failed: () => {},
    });

    this.#pipeline = new Pipeline({ clock, settings, transport, metrics });
    this.#pipeline.start();
    this.#upload.start();
  }

  /**
   * Resolves when the service has acknowledged the record; rejects with a `ProducerError` when it has not in time.
   * While the buffer is full it waits for room first. The data may not change until it settles.
   */
  put(record: UserRecord): Promise<PutResult> {
    try {
      return this.#begin(record).result;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Resolves when there is room for the record: who awaits it before going on never overruns the buffer. What becomes
   * of the record then is there for who asks.
   */
  admit(record: UserRecord): Promise<Admitted> {
    try {
      let admitted: ((user: Admitted) => void) | undefined;
      const user = this.#begin(record, (waiting) => admitted?.(waiting));
      // Mostly there is room, and nothing to wait for.
      if (user.isAdmitted) return Promise.resolve(user);
      return new Promise((resolve) => {
        admitted = resolve;
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Puts every record of the source, which is read as fast as there is room, and yields what became of each, in the
   * order of the source.
   *
   * ```ts
   * for await (const { record, error } of producer.putAll(lines)) if (error) console.error(record, error);
   * ```
   */
  putAll<Source extends UserRecord>(
    source: AsyncIterable<Source> | Iterable<Source>,
  ): AsyncGenerator<PutOutcome<Source>, void, void> {
    return putAll(this, source, this.#settings.bufferRecordsMax);
  }

  /**
   * A stream to write records to, with the buffer's back-pressure. It finishes when all of them are put, and is
   * destroyed by the first that fails; the producer stays open.
   */
  writable(): Writable {
    return writableOf(this);
  }

  /** Sends what there is without waiting for more. Resolves when every record put so far is settled, either way. */
  async flush(): Promise<void> {
    this.#pipeline.flush();
    await this.#generations.settled();
  }

  /** Takes no more records, waits until all are settled, uploads the last metrics. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** User records that are admitted and not settled. */
  get pendingRecords(): number {
    return this.#admission.records;
  }

  /** Their data and partition keys. */
  get pendingBytes(): number {
    return this.#admission.bytes;
  }

  /** What was measured since the producer was made. */
  metrics(): Measured[] {
    return this.#metrics.all();
  }

  async #close(): Promise<void> {
    await this.flush();
    this.#pipeline.close();
    await this.#upload.close();
    this.#transport.close();
  }

  #begin(record: UserRecord, admitted?: (user: PendingRecord) => void): PendingRecord {
    if (this.#closed !== undefined) throw new ProducerError('Closed', 'the producer is closed');
    const bytes = checkedBytes(record, this.#settings.userRecordBytesMax);
    if (this.#admission.tryEnter(bytes)) {
      const user = new PendingRecord(record, bytes, this.#generations.begin(), this.#onSettled);
      this.#enter(user);
      return user;
    }
    this.#admission.enter(bytes, () => {
      this.#enter(user);
      admitted?.(user);
    });
    const user = new PendingRecord(record, bytes, this.#generations.begin(), this.#onSettled);
    return user;
  }

  #enter(user: PendingRecord): void {
    const nowMs = this.#clock.monotonic();
    // Who waited for room while a flush came does not wait for company too.
    const isUrgent = user.generation.done !== undefined;
    user.isAdmitted = true;
    user.lastMs = nowMs;
    user.deadlineMs = isUrgent ? nowMs : nowMs + this.#settings.recordBufferedMsMax;
    user.expiresMs = nowMs + this.#settings.recordTtlMs;
    this.#metrics.received();
    this.#pipeline.put(user);
  }
}
