/** A number that stood under the tag for timestamps. */
export class Instant {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
}

/** How a protocol writes timestamps under the tag; a float is always seconds, as the tag's definition says. */
export interface TimestampForm {
  /** What an integer says, in milliseconds. */
  readonly fromInteger: (value: number) => number;
  readonly write: (milliseconds: number) => number;
}
