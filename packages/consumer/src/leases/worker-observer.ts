import type { WorkerRow } from './worker-row.ts';

interface Sight {
  readonly updatedSeconds: number;
  readonly seenMs: number;
  /** It was seen to change: from then on only the observer's own clock counts. */
  readonly hasChanged: boolean;
}

export interface WorkersSeen {
  /** They write their rows. */
  readonly active: readonly WorkerRow[];
  /** They have long ceased to. */
  readonly gone: readonly WorkerRow[];
}

/** A worker that has not written its row for so many times its period is not there. */
const PERIODS_MISSED_MAX = 2;
const DAY_MS = 86_400_000;

/**
 * Tells which workers are there: those whose rows change. Only of a row that was not seen to change yet its date is
 * believed, as the KCL always does.
 */
export class WorkerObserver {
  readonly #absenceMs: number;
  #sights = new Map<string, Sight>();
  /** By worker, the row that it had when its leases stood still. */
  readonly #doubts = new Map<string, number>();

  constructor(reportMs: number) {
    this.#absenceMs = PERIODS_MISSED_MAX * reportMs;
  }

  /** `nowMs` and `dateMs` are the same moment, by the observer's monotonic clock and by its date. */
  see(rows: readonly WorkerRow[], nowMs: number, dateMs: number): WorkersSeen {
    const sights = new Map<string, Sight>();
    const active: WorkerRow[] = [];
    const gone: WorkerRow[] = [];
    for (const row of rows) {
      const sight = this.#look(row, nowMs);
      sights.set(row.workerId, sight);
      const ageMs = dateMs - row.updatedSeconds * 1_000;
      // The date is in whole seconds.
      const isDateFresh = ageMs < this.#absenceMs + 1_000;
      const isStill = nowMs - sight.seenMs > this.#absenceMs;
      if (!isStill && (sight.hasChanged || isDateFresh)) active.push(row);
      else if (isStill && ageMs > DAY_MS) gone.push(row);
    }
    this.#sights = sights;
    const trusted = active.filter((row) => !this.#isDoubted(row));
    return { active: trusted.length > 0 ? trusted : active, gone };
  }

  /**
   * A worker that renews no lease of its own may be dead, long before its row is old. It is given nothing until it
   * writes its row again, unless no other is there.
   */
  doubt(workerId: string): void {
    const sight = this.#sights.get(workerId);
    if (sight !== undefined) this.#doubts.set(workerId, sight.updatedSeconds);
  }

  #isDoubted({ workerId, updatedSeconds }: WorkerRow): boolean {
    if (this.#doubts.get(workerId) === updatedSeconds) return true;
    this.#doubts.delete(workerId);
    return false;
  }

  #look({ workerId, updatedSeconds }: WorkerRow, nowMs: number): Sight {
    const last = this.#sights.get(workerId);
    if (last?.updatedSeconds === updatedSeconds) return last;
    return { updatedSeconds, seenMs: nowMs, hasChanged: last !== undefined };
  }
}
