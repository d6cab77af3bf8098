/** Units as CloudWatch names them: those that this program reports in. */
export type MeasuredUnit = 'Bytes' | 'Count' | 'Milliseconds';

/** What is measured, and for whom: one time series. */
export interface MetricIdentity {
  readonly account: string;
  readonly region: string;
  /** `AWS/Kinesis` and the like. */
  readonly namespace: string;
  readonly name: string;
  readonly unit: MeasuredUnit;
  readonly dimensions: readonly (readonly [name: string, value: string])[];
}

/** One time series as its reporter holds it. */
export interface Measure {
  /** Takes a sample in; cheap enough for every call of a busy server. */
  observe(value: number): void;
}

/**
 * Where parts of the program report what they do; who keeps the numbers, and how they are shown, is not theirs
 * to know. A reporter asks for its measures once and keeps them: asking is what costs.
 */
export interface Meter {
  measure(identity: MetricIdentity): Measure;
}

const nowhere: Measure = { observe: () => {} };

/** For those who do not want to know. */
export const silentMeter: Meter = { measure: () => nowhere };
