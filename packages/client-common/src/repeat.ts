import type { Clock } from './clock.ts';
import { pause } from './pause.ts';

/** Runs the task again and again with a pause between, never twice at once, until the signal comes. */
export const repeat = async (
  clock: Clock,
  pauseMs: number,
  signal: AbortSignal,
  task: () => Promise<void>,
): Promise<void> => {
  for (;;) {
    await pause(clock, pauseMs, signal);
    if (signal.aborted) return;
    await task();
  }
};
