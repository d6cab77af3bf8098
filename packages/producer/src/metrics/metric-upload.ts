import type { Clock, Timer } from '../clock.ts';
import type { Settings } from '../settings.ts';
import { METRICS, type MetricUnit } from './metric-table.ts';
import type { Measured, Metrics } from './metrics.ts';
import { Statistics } from './statistics.ts';

/** The input of CloudWatch's PutMetricData. */
export interface MetricDataInput {
  readonly Namespace: string;
  readonly MetricData: {
    readonly MetricName: string;
    readonly Dimensions: { readonly Name: string; readonly Value: string }[];
    readonly Timestamp: Date;
    readonly Unit: MetricUnit;
    readonly StatisticValues: {
      readonly SampleCount: number;
      readonly Sum: number;
      readonly Minimum: number;
      readonly Maximum: number;
    };
  }[];
}

/** `(input) => cloudWatch.send(new PutMetricDataCommand(input))`. A failure loses that minute's metrics. */
export type MetricSink = (input: MetricDataInput) => Promise<unknown>;

/** PutMetricData takes 1,000, in a body of 1 MiB; an element of ours is below 500 bytes. */
const DATA_PER_CALL_MAX = 1_000;

export interface MetricUploadParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly streamName: string;
  readonly metrics: Metrics;
  /** User records that are not settled. */
  readonly pending: () => number;
  readonly sink: MetricSink | undefined;
}

type Dimension = MetricDataInput['MetricData'][number]['Dimensions'][number];

const LEVELS = { none: [], summary: ['summary'], detailed: ['summary', 'detailed'] } as const;

/** Each sample counts in every one of these: for all streams, for the stream, for the shard. */
const dimensionsOf = (
  measured: Measured,
  { metricsGranularity }: Settings,
  streamName: string,
): Dimension[][] => {
  const { shardId, errorCode } = measured;
  const code = errorCode === undefined ? [] : [{ Name: 'ErrorCode', Value: errorCode }];
  const stream = { Name: 'StreamName', Value: streamName };
  const all = [[...code]];
  if (metricsGranularity !== 'global') all.push([stream, ...code]);
  if (metricsGranularity === 'shard' && shardId !== undefined) {
    all.push([stream, { Name: 'ShardId', Value: shardId }, ...code]);
  }
  return all;
};

/** Sends what was measured to CloudWatch, or wherever the sink leads, from time to time and at the end. */
export class MetricUpload {
  readonly #parts: MetricUploadParts;
  #timer: Timer | undefined;

  constructor(parts: MetricUploadParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, settings, sink } = this.#parts;
    if (sink === undefined || settings.metricsLevel === 'none') return;
    this.#timer = clock.inBackground(settings.metricsUploadMs, () => {
      void this.#upload(sink);
      this.start();
    });
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    const { settings, sink } = this.#parts;
    this.#timer?.cancel();
    if (sink !== undefined && settings.metricsLevel !== 'none') await this.#upload(sink);
  }

  async #upload(sink: MetricSink): Promise<void> {
    const { settings, metrics, pending } = this.#parts;
    metrics.pending(pending());
    const data = this.#data();
    for (let start = 0; start < data.length; start += DATA_PER_CALL_MAX) {
      const MetricData = data.slice(start, start + DATA_PER_CALL_MAX);
      try {
        await sink({ Namespace: settings.metricsNamespace, MetricData });
      } catch {
        // Metrics are not worth failing for; the totals stay readable.
      }
    }
  }

  #data(): MetricDataInput['MetricData'] {
    const { clock, settings, metrics, streamName } = this.#parts;
    const merged = new Map<string, { measured: Measured; Dimensions: Dimension[]; statistics: Statistics }>();
    for (const measured of metrics.takeRecent()) {
      if (!(LEVELS[settings.metricsLevel] as readonly string[]).includes(METRICS[measured.name].level))
        continue;
      for (const Dimensions of dimensionsOf(measured, settings, streamName)) {
        const id = `${measured.name} ${Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join(' ')}`;
        const entry = merged.get(id) ?? { measured, Dimensions, statistics: new Statistics() };
        entry.statistics.merge(measured.statistics);
        merged.set(id, entry);
      }
    }
    const Timestamp = new Date(clock.now());
    return [...merged.values()].map(({ measured: { name }, Dimensions, statistics }) => ({
      MetricName: name,
      Dimensions,
      Timestamp,
      Unit: METRICS[name].unit,
      StatisticValues: {
        SampleCount: statistics.count,
        Sum: statistics.sum,
        Minimum: statistics.minimum,
        Maximum: statistics.maximum,
      },
    }));
  }
}
