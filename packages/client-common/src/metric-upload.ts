import type { Clock, Timer } from './clock.ts';

export type MetricUnit = 'Count' | 'Bytes' | 'Milliseconds';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** One element of PutMetricData's MetricData. */
export interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions: Dimension[];
  readonly Timestamp: Date;
  readonly Unit: MetricUnit;
  readonly StatisticValues: {
    readonly SampleCount: number;
    readonly Sum: number;
    readonly Minimum: number;
    readonly Maximum: number;
  };
}

/** The input of CloudWatch's PutMetricData. */
export interface MetricDataInput {
  readonly Namespace: string;
  readonly MetricData: MetricDatum[];
}

/** `(input) => cloudWatch.send(new PutMetricDataCommand(input))`. A failure loses that time's metrics. */
export type MetricSink = (input: MetricDataInput) => Promise<unknown>;

/** PutMetricData takes 1,000, in a body of 1 MiB; an element of ours is below 500 bytes. */
const DATA_PER_CALL_MAX = 1_000;

export interface MetricUploadParts {
  readonly clock: Clock;
  readonly namespace: string;
  readonly uploadMs: number;
  /** What was measured since it was last asked. */
  readonly collect: () => readonly MetricDatum[];
  /** Undefined when nothing is to be sent. */
  readonly sink: MetricSink | undefined;
  /** Metrics are not worth failing for; whoever wants to know is told. */
  readonly failed: (error: unknown) => void;
}

/** Sends what was measured to CloudWatch, or wherever the sink leads, from time to time and at the end. */
export class MetricUpload {
  readonly #parts: MetricUploadParts;
  #timer: Timer | undefined;
  #uploading: Promise<void> = Promise.resolve();

  constructor(parts: MetricUploadParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, uploadMs, sink } = this.#parts;
    if (sink === undefined) return;
    this.#timer = clock.inBackground(uploadMs, () => {
      this.#uploading = this.#upload(sink);
      void this.#uploading.then(() => this.#again());
    });
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    const { sink } = this.#parts;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#uploading;
    if (sink !== undefined) await this.#upload(sink);
  }

  #again(): void {
    if (this.#timer !== undefined) this.start();
  }

  async #upload(sink: MetricSink): Promise<void> {
    const { namespace, collect, failed } = this.#parts;
    const data = collect();
    for (let start = 0; start < data.length; start += DATA_PER_CALL_MAX) {
      try {
        await sink({ Namespace: namespace, MetricData: data.slice(start, start + DATA_PER_CALL_MAX) });
      } catch (error) {
        failed(error);
      }
    }
  }
}
