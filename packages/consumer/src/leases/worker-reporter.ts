import { type Clock, repeat } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings.ts';
import type { FleetStore } from './fleet-store.ts';
import { SAMPLE_FAILED, type WorkerRow } from './worker-row.ts';

/** How busy this worker's processor was since it was last asked, in percent; undefined when that cannot be told. */
export type CpuMeter = () => number | undefined;

/** As many as the KCL keeps in a row. */
const SAMPLES_MAX = 10;
/** The KCL's name for it, and its limit in percent. */
const CPU = 'C';
const CPU_PERCENT_MAX = 100;
/** It is looked at how the others are measured every so many reports. */
const REPORTS_PER_LOOK = 10;
/** Digits behind the point, as in the KCL. */
const SAMPLE_STEPS = 1_000_000;

export interface ReporterParts {
  readonly clock: Clock;
  readonly fleet: Pick<FleetStore, 'view' | 'report' | 'forget'>;
  readonly workerId: string;
  /** Undefined where nothing is measured. */
  readonly cpuMeter: CpuMeter | undefined;
  readonly settings: Pick<Settings, 'workerMetrics' | 'workerReportMs'>;
  readonly metrics: Metrics;
  readonly report: Report;
}

/** Tells the leader from time to time that this worker is there, and how busy it is. */
export class WorkerReporter {
  readonly #parts: ReporterParts;
  #samples: readonly number[] = [];
  #row: WorkerRow | undefined;
  #reports = 0;
  /** The processor's time is told. */
  #tellsCpu: boolean;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    this.#tellsCpu = parts.settings.workerMetrics !== 'throughput';
  }

  /** Until the signal comes, when its row goes: nobody is to give it anything more. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, fleet, settings } = this.#parts;
    await repeat(clock, settings.workerReportMs, signal, () => this.write());
    const row = this.#row;
    if (row !== undefined) await this.#attempt(() => fleet.forget(row));
  }

  async write(): Promise<void> {
    const { clock, fleet, workerId, cpuMeter, settings, metrics } = this.#parts;
    const isTimeToLook = this.#reports++ % REPORTS_PER_LOOK === 0;
    if (settings.workerMetrics === 'auto' && isTimeToLook) await this.#attempt(() => this.#lookAround());
    const isMeasured = cpuMeter !== undefined && this.#tellsCpu;
    const measures = isMeasured ? this.#measured(cpuMeter) : { samples: {}, limits: {} };
    const row = { workerId, updatedSeconds: Math.floor(clock.now() / 1_000), ...measures };
    this.#row = row;
    const scope = metrics.of('WorkerMetricStatsReporter');
    await this.#attempt(() => scope.attempt('Success', 'Time', () => fleet.report(row)));
  }

  /** A Java leader gives nothing to a worker that is measured otherwise than the rest. */
  async #lookAround(): Promise<void> {
    const { clock, fleet, workerId, settings } = this.#parts;
    const { workers } = await fleet.view();
    const sinceSeconds = (clock.now() - 2 * settings.workerReportMs) / 1_000;
    const others = workers.filter((row) => row.workerId !== workerId && row.updatedSeconds >= sinceSeconds);
    this.#tellsCpu = others.every(({ limits }) => limits[CPU] !== undefined);
  }

  /** The first time there is nothing to measure yet. */
  #measured(cpuMeter: CpuMeter): Pick<WorkerRow, 'samples' | 'limits'> {
    const percent = cpuMeter();
    if (this.#row !== undefined) {
      const sample =
        percent === undefined ? SAMPLE_FAILED : Math.round(percent * SAMPLE_STEPS) / SAMPLE_STEPS;
      this.#samples = [...this.#samples, sample].slice(-SAMPLES_MAX);
    }
    return { samples: { [CPU]: this.#samples }, limits: { [CPU]: CPU_PERCENT_MAX } };
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#parts.report({ kind: 'error', during: 'report a worker', error });
    }
  }
}
