import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 60_000;

/** Looks again and again until it is so. */
export const poll = async (what: string, isDone: () => boolean | Promise<boolean>): Promise<void> => {
  const endMs = performance.now() + DEADLINE_MS;
  while (!(await isDone())) {
    assert(performance.now() < endMs, `${what} takes too long`);
    await pause(20);
  }
};
