import type { LogEngine } from '@millrace/log';
import type { Answers } from './answers.ts';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** What a workload needs of the process that it runs in. */
export interface Process {
  readonly engine: LogEngine;
  readonly answers: Answers;
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly clock: SimulatedClock;
  /** Sees to it that the work ends, and well. */
  readonly spawn: (work: Promise<unknown>) => void;
}

/** Rests for a while that chance decides on; mostly not at all. */
export const rest = ({ scheduler, chance }: Process): Promise<void> =>
  scheduler.pause('rest', chance.isOneIn(3) ? chance.below(20) : 0);
