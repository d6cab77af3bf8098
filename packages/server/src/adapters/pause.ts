import { setTimeout } from 'node:timers/promises';

/** Waits, and keeps the process alive meanwhile. Rejects with the signal's reason when it aborts. */
export const pause = async (delayMs: number, signal?: AbortSignal): Promise<void> => {
  await setTimeout(delayMs, undefined, signal === undefined ? {} : { signal });
};
