import type { Stream } from '@millrace/catalog';
import type { Measure, MeasuredUnit, Meter, MetricIdentity } from '@millrace/core';

/** One subject's measures by AWS's names; each is asked for when it is first used, and then kept. */
export class Measures<Name extends string> {
  readonly #meter: Meter;
  readonly #units: Readonly<Record<Name, MeasuredUnit>>;
  readonly #stream: Stream;
  readonly #dimensions: MetricIdentity['dimensions'];
  readonly #known = new Map<Name, Measure>();

  constructor(
    meter: Meter,
    units: Readonly<Record<Name, MeasuredUnit>>,
    stream: Stream,
    dimensions: MetricIdentity['dimensions'] = [],
  ) {
    this.#meter = meter;
    this.#units = units;
    this.#stream = stream;
    this.#dimensions = [['StreamName', stream.name], ...dimensions];
  }

  observe(name: Name, value: number): void {
    (this.#known.get(name) ?? this.#find(name)).observe(value);
  }

  #find(name: Name): Measure {
    const { account, region } = this.#stream;
    const unit = this.#units[name];
    const measure = this.#meter.measure({
      account,
      region,
      namespace: 'AWS/Kinesis',
      name,
      unit,
      dimensions: this.#dimensions,
    });
    this.#known.set(name, measure);
    return measure;
  }
}
