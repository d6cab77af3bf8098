/** Neighbouring buckets differ by this factor: a percentile is right to about two per cent. */
const GROWTH = 1.04;
const LOG_GROWTH = Math.log(GROWTH);
/** What a bucket's values are told as: its middle, as seen by the relative error. */
const MIDDLE = 2 / (1 + GROWTH);
/** Buckets on either side of 1: from about 10⁻¹⁷ to 10¹⁷. What lies beyond counts with the last one. */
const BUCKET_MAX = 1_000;
const ZERO = -BUCKET_MAX - 1;

const bucketOf = (value: number): number =>
  value === 0 ? ZERO : Math.max(-BUCKET_MAX, Math.min(BUCKET_MAX, Math.ceil(Math.log(value) / LOG_GROWTH)));

const middleOf = (bucket: number): number => (bucket === ZERO ? 0 : MIDDLE * GROWTH ** bucket);

/** Buckets and how many values each has. */
export type SketchSnapshot = readonly (readonly [bucket: number, count: number])[];

/** How often values of about which size came: for percentiles. Takes no negative values. */
export class Sketch {
  readonly #counts = new Map<number, number>();

  add(value: number, count: number): void {
    const bucket = bucketOf(value);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
  }

  merge(other: Sketch): void {
    for (const [bucket, count] of other.#counts) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    }
  }

  toSnapshot(): SketchSnapshot {
    return [...this.#counts];
  }

  static fromSnapshot(snapshot: SketchSnapshot): Sketch {
    const sketch = new Sketch();
    for (const [bucket, count] of snapshot) sketch.#counts.set(bucket, count);
    return sketch;
  }

  /** `fraction` of all values are not above the answer. */
  quantile(fraction: number): number {
    const buckets = [...this.#counts].sort(([a], [b]) => a - b);
    let left = fraction * buckets.reduce((sum, [, count]) => sum + count, 0);
    for (const [bucket, count] of buckets) {
      left -= count;
      if (left <= 0) return middleOf(bucket);
    }
    return middleOf(buckets.at(-1)?.[0] ?? ZERO);
  }
}
