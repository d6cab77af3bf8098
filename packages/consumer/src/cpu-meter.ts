import type { Clock } from '@millrace/client-common';
import type { CpuMeter } from './leases/worker-reporter.ts';

/** Processor time of this process since it began, in microseconds. */
export interface CpuTime {
  readonly user: number;
  readonly system: number;
}

/**
 * How busy one processor was with this process: records are handled on one thread, which can be busy while the
 * machine's other processors idle. `coresMax` is what the container may use at the most, if that is less than one.
 */
export const processMeter = (clock: Clock, cpuTime: () => CpuTime, coresMax = 1): CpuMeter => {
  const busyMs = (): number => {
    const { user, system } = cpuTime();
    return (user + system) / 1_000;
  };
  let last = { busyMs: busyMs(), atMs: clock.monotonic() };
  return () => {
    const now = { busyMs: busyMs(), atMs: clock.monotonic() };
    const elapsedMs = (now.atMs - last.atMs) * Math.min(1, coresMax);
    if (elapsedMs <= 0) return undefined;
    const percent = (100 * (now.busyMs - last.busyMs)) / elapsedMs;
    last = now;
    return Math.min(100, percent);
  };
};

/** From a cgroup's `cpu.max`, two numbers or `max` and a number; undefined when it sets no limit. */
export const coresIn = (cpuMax: string): number | undefined => {
  const [quota = '', period = ''] = cpuMax.trim().split(' ');
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
};
