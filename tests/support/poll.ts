import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

export interface PollOptions {
  readonly deadlineMs?: number;
  readonly pauseMs?: number;
  /** What was seen last says what is missing. */
  readonly tell?: () => unknown;
}

/** Looks again and again until it is so. */
export const poll = async (
  what: string,
  isDone: () => boolean | Promise<boolean>,
  { deadlineMs = 60_000, pauseMs = 20, tell = () => '' }: PollOptions = {},
): Promise<void> => {
  const endMs = performance.now() + deadlineMs;
  while (!(await isDone())) {
    assert(performance.now() < endMs, `${what}: not within ${deadlineMs} ms ${tell()}`);
    await pause(pauseMs);
  }
};
