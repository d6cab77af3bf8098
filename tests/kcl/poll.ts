import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** Far above what it needs on a busy machine. */
const DEADLINE_MS = 90_000;
const PAUSE_MS = 50;

/** Looks until it is so. What was seen last says what is missing. */
export const until = async (
  what: string,
  isSo: () => boolean | Promise<boolean>,
  tell: () => unknown = () => '',
): Promise<void> => {
  const endMs = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < endMs, `${what}: not within ${DEADLINE_MS} ms ${tell()}`);
    await pause(PAUSE_MS);
  }
};
