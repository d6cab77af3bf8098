import { Sketch, type SketchSnapshot } from './sketch.ts';

export type SetSnapshot = readonly [
  sampleCount: number,
  sum: number,
  minimum: number,
  maximum: number,
  sketch: SketchSnapshot | null,
];

/** What is kept of the samples of one period. */
export class StatisticSet {
  sampleCount = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** Absent once there were samples that no percentile can be told of: negative ones, or statistics alone. */
  #sketch: Sketch | undefined = new Sketch();

  /** Statistics of samples that somebody else has taken. */
  static of(sampleCount: number, sum: number, minimum: number, maximum: number): StatisticSet {
    const set = new StatisticSet();
    if (sampleCount === 1 || minimum === maximum) set.add(minimum, sampleCount);
    else {
      set.#sketch = undefined;
      set.sampleCount = sampleCount;
      set.minimum = minimum;
      set.maximum = maximum;
    }
    set.sum = sum;
    return set;
  }

  add(value: number, count = 1): void {
    this.sampleCount += count;
    this.sum += value * count;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
    if (value < 0) this.#sketch = undefined;
    else this.#sketch?.add(value, count);
  }

  merge(other: StatisticSet): void {
    this.sampleCount += other.sampleCount;
    this.sum += other.sum;
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
    if (other.#sketch === undefined) this.#sketch = undefined;
    else this.#sketch?.merge(other.#sketch);
  }

  toSnapshot(): SetSnapshot {
    const { sampleCount, sum, minimum, maximum } = this;
    return [sampleCount, sum, minimum, maximum, this.#sketch?.toSnapshot() ?? null];
  }

  static fromSnapshot([sampleCount, sum, minimum, maximum, sketch]: SetSnapshot): StatisticSet {
    const set = new StatisticSet();
    set.sampleCount = sampleCount;
    set.sum = sum;
    set.minimum = minimum;
    set.maximum = maximum;
    set.#sketch = sketch === null ? undefined : Sketch.fromSnapshot(sketch);
    return set;
  }

  /** Undefined where no percentile can be told. Never outside of what was seen. */
  percentile(percent: number): number | undefined {
    const value = this.#sketch?.quantile(percent / 100);
    return value === undefined ? undefined : Math.min(Math.max(value, this.minimum), this.maximum);
  }
}
