export interface ForgetfulOptions<Value> {
  /** A value that was not asked for so long may be gone; it is by twice the time. */
  readonly idleMs: number;
  /** At most twice as many are kept, the latest ones. */
  readonly countMax: number;
  readonly make: (nowMs: number) => Value;
}

/** Values that are made when they are asked for and forgotten when they no longer are, without a timer. */
export class ForgetfulMap<Value> {
  readonly #options: ForgetfulOptions<Value>;
  #recent = new Map<string, Value>();
  #earlier = new Map<string, Value>();
  #turnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ForgetfulOptions<Value>) {
    this.#options = options;
  }

  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }

  at(key: string, nowMs: number): Value {
    this.#turn(nowMs);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const value = this.#earlier.get(key) ?? this.#options.make(nowMs);
    this.#earlier.delete(key);
    this.#recent.set(key, value);
    return value;
  }

  #turn(nowMs: number): void {
    const { idleMs, countMax } = this.#options;
    const sinceMs = nowMs - this.#turnedAtMs;
    if (sinceMs < idleMs && this.#recent.size < countMax) return;
    this.#earlier = sinceMs < 2 * idleMs ? this.#recent : new Map();
    this.#recent = new Map();
    this.#turnedAtMs = nowMs;
  }
}
