import type { Clock } from '@millrace/core';
import { Metric, type MetricName, metricKey } from './metric.ts';
import { horizonsAt, type Point, type Series, type SeriesSnapshot, TIERS } from './series.ts';
import type { StatisticSet } from './statistic-set.ts';

/** Periods of all series together: about 100 MB where each has its percentiles. */
const POINTS_MAX = 200_000;
/** Metrics of all accounts together; a new one beyond is not taken in. */
const METRICS_MAX = 20_000;
/** What the points may grow by before they are looked through again. */
const SLACK = 1.1;
/** A tier that has to give way goes back half as far, but never less than this many of its periods. */
const PERIODS_MIN = 12;

export interface MetricStoreOptions {
  readonly clock: Clock;
  readonly pointsMax?: number;
  readonly metricsMax?: number;
}

/** One account in one region. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

/** One series as it is written down. */
export interface StoredSeries {
  readonly scope: Scope;
  readonly name: MetricName;
  readonly unit: string;
  readonly series: SeriesSnapshot;
}

/** Metrics by the minute, in memory and within bounds: what is old gets coarser and goes, the finest first. */
export class MetricStore {
  readonly #clock: Clock;
  readonly #pointsMax: number;
  readonly #metricsMax: number;
  readonly #scopes = new Map<string, Map<string, Metric>>();
  #metricCount = 0;
  #pointCount = 0;
  #trimAtPoints: number;
  #keeps = TIERS.map(({ keepMs }) => keepMs);

  constructor({ clock, pointsMax = POINTS_MAX, metricsMax = METRICS_MAX }: MetricStoreOptions) {
    this.#clock = clock;
    this.#pointsMax = pointsMax;
    this.#metricsMax = metricsMax;
    this.#trimAtPoints = pointsMax * SLACK;
  }

  get pointCount(): number {
    return this.#pointCount;
  }

  /** False when there is no room for another metric; one that is known always has room. */
  add(scope: Scope, name: MetricName, unit: string, atMs: number, samples: StatisticSet): boolean {
    const series = this.#seriesOf(scope, name, unit);
    if (series === undefined) return false;
    this.#pointCount += series.add(atMs, samples, this.#horizons());
    if (this.#pointCount > this.#trimAtPoints) this.trim();
    return true;
  }

  find(scope: Scope, name: MetricName): Metric | undefined {
    return this.#scopes.get(scopeKey(scope))?.get(metricKey(name));
  }

  /** By key, so that a page can go on after the last one. */
  list(scope: Scope): [key: string, metric: Metric][] {
    return [...(this.#scopes.get(scopeKey(scope)) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  points(series: Series, fromMs: number, toMs: number): Iterable<Point> {
    return series.points(fromMs, toMs, this.#horizons());
  }

  /** One after the other; what changes meanwhile is in those that come after the change. */
  *snapshots(): Generator<StoredSeries> {
    for (const [key, metrics] of this.#scopes) {
      const [account = '', region = ''] = key.split('/');
      for (const { namespace, name, dimensions, byUnit } of metrics.values()) {
        for (const [unit, series] of byUnit) {
          const named = { namespace, name, dimensions };
          yield { scope: { account, region }, name: named, unit, series: series.toSnapshot() };
        }
      }
    }
  }

  restore({ scope, name, unit, series }: StoredSeries): void {
    this.#pointCount += this.#seriesOf(scope, name, unit)?.restore(series) ?? 0;
  }

  /** Forgets what is too old, and more while there is too much. */
  trim(): void {
    this.#trimOnce();
    while (this.#pointCount > this.#pointsMax && this.#shorten()) this.#trimOnce();
    if (this.#pointCount < this.#pointsMax / 2) this.#lengthen();
    this.#trimAtPoints = Math.max(this.#pointsMax, this.#pointCount) * SLACK;
  }

  #horizons(): readonly number[] {
    return horizonsAt(this.#clock.now(), this.#keeps);
  }

  #seriesOf(scope: Scope, name: MetricName, unit: string): Series | undefined {
    const scoped = this.#scopes.get(scopeKey(scope)) ?? new Map<string, Metric>();
    const key = metricKey(name);
    let metric = scoped.get(key);
    if (metric === undefined) {
      if (this.#metricCount >= this.#metricsMax) return undefined;
      metric = new Metric(name);
      scoped.set(key, metric);
      this.#scopes.set(scopeKey(scope), scoped);
      this.#metricCount += 1;
    }
    return metric.seriesOf(unit);
  }

  #trimOnce(): void {
    const horizons = this.#horizons();
    let pointCount = 0;
    for (const [scope, metrics] of this.#scopes) {
      for (const [key, metric] of metrics) {
        for (const [unit, series] of metric.byUnit) {
          series.trim(horizons);
          pointCount += series.pointCount;
          if (series.pointCount === 0) metric.byUnit.delete(unit);
        }
        if (metric.byUnit.size === 0 && metrics.delete(key)) this.#metricCount -= 1;
      }
      if (metrics.size === 0) this.#scopes.delete(scope);
    }
    this.#pointCount = pointCount;
  }

  /** The finest tier that still can gives way. False when none can. */
  #shorten(): boolean {
    const at = TIERS.findIndex(({ periodMs }, index) => this.#keepOf(index) >= 2 * PERIODS_MIN * periodMs);
    if (at >= 0) this.#keeps[at] = this.#keepOf(at) / 2;
    return at >= 0;
  }

  #lengthen(): void {
    this.#keeps = TIERS.map(({ keepMs }, index) => Math.min(2 * this.#keepOf(index), keepMs));
  }

  #keepOf(index: number): number {
    return this.#keeps[index] ?? 0;
  }
}

const scopeKey = ({ account, region }: Scope): string => `${account}/${region}`;
