import { type SetSnapshot, StatisticSet } from './statistic-set.ts';

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Tier {
  readonly periodMs: number;
  /** How far back it goes. */
  readonly keepMs: number;
}

/**
 * The finest first; older times are told in coarser periods, as CloudWatch does (there: minutes for 15 days).
 * Every sample is in all of them, so nothing has to be summed up later.
 */
export const TIERS: readonly Tier[] = [
  { periodMs: MINUTE_MS, keepMs: 3 * HOUR_MS },
  { periodMs: 5 * MINUTE_MS, keepMs: DAY_MS },
  { periodMs: HOUR_MS, keepMs: 15 * DAY_MS },
];

/** By tier, the start of each period and its statistics. */
export interface SeriesSnapshot {
  readonly lastAtMs: number;
  readonly tiers: readonly (readonly (readonly [startMs: number, set: SetSnapshot])[])[];
}

export interface Point {
  readonly startMs: number;
  readonly set: StatisticSet;
}

const floorTo = (ms: number, periodMs: number): number => Math.floor(ms / periodMs) * periodMs;
const ceilTo = (ms: number, periodMs: number): number => Math.ceil(ms / periodMs) * periodMs;

/** Where each tier's times begin: at a whole period of the next coarser one, so that none is told twice. */
export const horizonsAt = (nowMs: number, keeps: readonly number[]): readonly number[] =>
  TIERS.map(({ periodMs, keepMs }, index) =>
    ceilTo(nowMs - (keeps[index] ?? keepMs), TIERS[index + 1]?.periodMs ?? periodMs),
  );

/** What one metric did, by time. */
export class Series {
  /** By tier, by the start of the period. */
  readonly #tiers = TIERS.map(() => new Map<number, StatisticSet>());
  pointCount = 0;
  lastAtMs = Number.NEGATIVE_INFINITY;

  /** Returns how many points are new. */
  add(atMs: number, samples: StatisticSet, horizons: readonly number[]): number {
    const before = this.pointCount;
    this.lastAtMs = Math.max(this.lastAtMs, atMs);
    for (const [index, { periodMs }] of TIERS.entries()) {
      const startMs = floorTo(atMs, periodMs);
      if (startMs >= (horizons[index] ?? 0)) this.#merge(index, startMs, samples);
    }
    return this.pointCount - before;
  }

  /** Of `[fromMs, toMs)`, in no order, each time in the finest tier that goes back to it. */
  *points(fromMs: number, toMs: number, horizons: readonly number[]): Generator<Point> {
    let endMs = toMs;
    for (const [index, points] of this.#tiers.entries()) {
      const horizonMs = horizons[index] ?? 0;
      const firstMs = Math.max(fromMs, horizonMs);
      for (const [startMs, set] of points) {
        if (startMs >= firstMs && startMs < endMs) yield { startMs, set };
      }
      endMs = Math.min(endMs, horizonMs);
    }
  }

  /** Forgets what lies before the horizons. */
  trim(horizons: readonly number[]): void {
    for (const [index, points] of this.#tiers.entries()) {
      const horizonMs = horizons[index] ?? 0;
      for (const startMs of points.keys()) {
        if (startMs < horizonMs && points.delete(startMs)) this.pointCount -= 1;
      }
    }
  }

  toSnapshot(): SeriesSnapshot {
    const tiers = this.#tiers.map((points) =>
      Array.from(points, ([startMs, set]) => [startMs, set.toSnapshot()] as const),
    );
    return { lastAtMs: this.lastAtMs, tiers };
  }

  /** Takes in what another one like it had. Returns how many points are new. */
  restore({ lastAtMs, tiers }: SeriesSnapshot): number {
    const before = this.pointCount;
    this.lastAtMs = Math.max(this.lastAtMs, lastAtMs);
    for (const [index, points] of tiers.entries()) {
      for (const [startMs, set] of points) this.#merge(index, startMs, StatisticSet.fromSnapshot(set));
    }
    return this.pointCount - before;
  }

  #merge(index: number, startMs: number, samples: StatisticSet): void {
    const points = this.#tiers[index];
    let set = points?.get(startMs);
    if (set === undefined) {
      set = new StatisticSet();
      points?.set(startMs, set);
      this.pointCount += 1;
    }
    set.merge(samples);
  }
}
