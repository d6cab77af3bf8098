import { poll } from '../support/poll.ts';

/** Far above what a library in Java needs on a busy machine. */
const DEADLINE_MS = 90_000;
const PAUSE_MS = 50;

/** Looks until it is so. What was seen last says what is missing. */
export const until = (
  what: string,
  isSo: () => boolean | Promise<boolean>,
  tell?: () => unknown,
): Promise<void> =>
  poll(what, isSo, { deadlineMs: DEADLINE_MS, pauseMs: PAUSE_MS, ...(tell !== undefined && { tell }) });
