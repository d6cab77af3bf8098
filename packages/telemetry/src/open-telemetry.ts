import type { Clock, Meter } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import type { CloudWatchDeps } from './cloudwatch/deps.ts';
import { type ProcessSample, prometheusText } from './prometheus/text.ts';
import { MetricKeeper, type TelemetryEvent } from './store/metric-keeper.ts';
import { MetricStore, type MetricStoreOptions } from './store/metric-store.ts';
import { Recorder } from './store/recorder.ts';

export interface TelemetryOptions extends MetricStoreOptions {
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly onEvent?: (event: TelemetryEvent) => void;
}

export interface Telemetry {
  /** For all who have something to report. */
  readonly meter: Meter;
  /** For `bindService(cloudWatchModel, cloudWatchTable, deps)`. */
  readonly deps: CloudWatchDeps;
  /** Everything that was reported since the start, and what is known of the process, in Prometheus's text format. */
  prometheus(processSamples?: readonly ProcessSample[]): string;
  /** Writes down what there is. The engine stays open. */
  close(): Promise<void>;
}

/** Starts the keeping of metrics: in memory, within bounds, with a copy in a log that a restart begins from. */
export const openTelemetry = async (options: TelemetryOptions): Promise<Telemetry> => {
  const { clock, onEvent = () => {} } = options;
  const store = new MetricStore(options);
  const recorder = new Recorder(clock, store);
  const keeper = new MetricKeeper({ ...options, store, recorder, onEvent });
  await keeper.start();
  return {
    meter: recorder,
    deps: { store, recorder, clock },
    prometheus: (processSamples) => prometheusText(recorder.totals(), processSamples),
    async close() {
      recorder.close();
      await keeper.close();
    },
  };
};
