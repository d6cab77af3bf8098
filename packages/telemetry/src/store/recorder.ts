import type { Clock, Measure, Meter, MetricIdentity, Timer } from '@millrace/core';
import { metricKey } from './metric.ts';
import type { MetricStore } from './metric-store.ts';
import { MINUTE_MS } from './series.ts';
import { StatisticSet } from './statistic-set.ts';

/** Time series that have totals; those of more report to the store alone. */
const TOTALS_MAX = 20_000;

/** What a measure has seen since the program started. */
export interface Total {
  readonly identity: MetricIdentity;
  sum: number;
  sampleCount: number;
  last: number;
}

/** Gathers samples until it is asked for them; says once that it has some. */
class GatheringMeasure implements Measure {
  readonly total: Total;
  readonly #onFirst: (measure: GatheringMeasure) => void;
  #samples: StatisticSet | undefined;

  constructor(total: Total, onFirst: (measure: GatheringMeasure) => void) {
    this.total = total;
    this.#onFirst = onFirst;
  }

  observe(value: number): void {
    const { total } = this;
    total.sum += value;
    total.sampleCount += 1;
    total.last = value;
    if (this.#samples === undefined) {
      this.#samples = new StatisticSet();
      this.#onFirst(this);
    }
    this.#samples.add(value);
  }

  take(): StatisticSet | undefined {
    const samples = this.#samples;
    this.#samples = undefined;
    return samples;
  }
}

/**
 * The meter of a server: samples are gathered where they come and go to the store once a minute, and when
 * somebody asks. A sample counts for the minute in which it was gathered; the timer may be late by some
 * milliseconds, and the samples of these with it.
 */
export class Recorder implements Meter {
  readonly #clock: Clock;
  readonly #store: MetricStore;
  readonly #totals = new Map<string, Total>();
  #waiting: GatheringMeasure[] = [];
  #minuteMs: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, store: MetricStore) {
    this.#clock = clock;
    this.#store = store;
    this.#minuteMs = this.#currentMinuteMs();
    this.#schedule();
  }

  measure(identity: MetricIdentity): Measure {
    return new GatheringMeasure(this.#totalOf(identity), (measure) => this.#waiting.push(measure));
  }

  /** What has been gathered goes to the store. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const measure of waiting) {
      const samples = measure.take();
      const { identity } = measure.total;
      if (samples) this.#store.add(identity, identity, identity.unit, this.#minuteMs, samples);
    }
    this.#minuteMs = this.#currentMinuteMs();
  }

  totals(): Iterable<Total> {
    return this.#totals.values();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #totalOf(identity: MetricIdentity): Total {
    const key = `${identity.account}/${identity.region}/${metricKey(identity)}`;
    const known = this.#totals.get(key);
    if (known !== undefined) return known;
    const total = { identity, sum: 0, sampleCount: 0, last: 0 };
    if (this.#totals.size < TOTALS_MAX) this.#totals.set(key, total);
    return total;
  }

  #currentMinuteMs(): number {
    return Math.floor(this.#clock.now() / MINUTE_MS) * MINUTE_MS;
  }

  #schedule(): void {
    const delayMs = MINUTE_MS - (this.#clock.now() % MINUTE_MS);
    this.#timer = this.#clock.after(delayMs, () => {
      this.flush();
      this.#store.trim();
      this.#schedule();
    });
  }
}
