import type { Clock } from '@millrace/core';
import { ForgetfulMap } from './forgetful-map.ts';

const DAY_MS = 86_400_000;
/** Streams whose changes are remembered, about. */
const STREAMS_MAX = 20_000;

/** Changes of streams in the last 24 hours. Kept by this process: a restart begins anew. */
export class DayCounts {
  readonly #clock: Clock;
  /** When each change of the last day was made, the oldest first; no more than were allowed. */
  readonly #times = new ForgetfulMap<number[]>({ idleMs: DAY_MS, countMax: STREAMS_MAX, make: () => [] });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes the change unless there were `countMax` in the last 24 hours; one that fails does not count. */
  async count<Result>(
    key: string,
    countMax: number,
    change: () => Promise<Result>,
    refuse: () => Error,
  ): Promise<Result> {
    if (!Number.isFinite(countMax)) return change();
    const nowMs = this.#clock.monotonic();
    const times = this.#times.at(key, nowMs);
    while (times[0] !== undefined && times[0] <= nowMs - DAY_MS) times.shift();
    if (times.length >= countMax) throw refuse();
    times.push(nowMs);
    try {
      return await change();
    } catch (error) {
      times.splice(times.lastIndexOf(nowMs), 1);
      throw error;
    }
  }
}
