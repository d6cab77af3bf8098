import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessSample } from '@millrace/telemetry';

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

export interface ProcessWatch {
  /** Lags are those since the last call. Names are the ones that Prometheus's clients have for them. */
  samples(): readonly ProcessSample[];
  close(): void;
}

type Name = ProcessSample['name'];

const gauge = (name: Name, help: string, value: number): ProcessSample => ({
  name,
  type: 'gauge',
  help,
  value,
});

/** The histogram counts from one look to the next, so a loop without lag shows the resolution. */
const lagSeconds = (nanoseconds: number): number =>
  Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000) : 0;

const cpuSample = (): ProcessSample => {
  const { user, system } = process.cpuUsage();
  const help = 'Processor time of the process in seconds';
  return { name: 'process_cpu_seconds_total', type: 'counter', help, value: (user + system) / 1e6 };
};

/** Watches memory, processor and event loop of this process. */
export const watchProcess = (): ProcessWatch => {
  const lags = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lags.enable();
  return {
    samples() {
      const { rss, heapUsed } = process.memoryUsage();
      const seen = [
        gauge('process_resident_memory_bytes', 'Resident memory in bytes', rss),
        gauge('process_uptime_seconds', 'Time since the process started', process.uptime()),
        gauge('nodejs_heap_size_used_bytes', 'Heap in use in bytes', heapUsed),
        gauge('nodejs_eventloop_lag_mean_seconds', 'Mean lag of the event loop', lagSeconds(lags.mean)),
        gauge(
          'nodejs_eventloop_lag_p99_seconds',
          '99th percentile of the lag',
          lagSeconds(lags.percentile(99)),
        ),
        gauge('nodejs_eventloop_lag_max_seconds', 'Longest lag of the event loop', lagSeconds(lags.max)),
        cpuSample(),
      ];
      lags.reset();
      return seen;
    },
    close: () => void lags.disable(),
  };
};
