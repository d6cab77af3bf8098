import { type Clock, type MeterLike, type MetricSink, MetricUpload, timed } from '@millrace/client-common';
import { ConsumerError } from '../errors.ts';
import type { Report } from '../event.ts';
import type { Settings } from '../settings.ts';
import { cloudWatchData } from './cloudwatch.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsOptions {
  /** Takes the KCL's metrics: `(input) => cloudWatch.send(new PutMetricDataCommand(input))`. */
  readonly metricSink?: MetricSink | undefined;
  /** The application's name unless given. */
  readonly metricsNamespace?: string | undefined;
  /** Of OpenTelemetry: every sample is recorded in a histogram. */
  readonly meter?: MeterLike | undefined;
}

export interface MetricsUploadParts extends MetricsOptions {
  readonly clock: Clock;
  readonly workerId: string;
  readonly settings: Settings;
  readonly report: Report;
}

/** Sends a consumer's metrics where they are wanted. */
export const metricsUpload = (metrics: Metrics, parts: MetricsUploadParts): MetricUpload => {
  const { clock, workerId, settings, report, metricSink: given, metricsNamespace: namespace } = parts;
  const sink = settings.metricsLevel === 'none' ? undefined : given;
  if (sink !== undefined && namespace === undefined) {
    throw new ConsumerError('InvalidSettings', 'a metricSink needs a metricsNamespace');
  }
  return new MetricUpload({
    clock,
    namespace: namespace ?? '',
    uploadMs: settings.metricsUploadMs,
    collect: () => cloudWatchData(metrics.take(), { settings, workerId, nowMs: clock.now() }),
    sink: sink && ((input) => timed(clock, settings.requestTimeoutMs, () => sink(input))),
    failed: (error) => report({ kind: 'error', during: 'upload metrics', error }),
  });
};
