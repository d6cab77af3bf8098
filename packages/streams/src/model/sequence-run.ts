import { type Position, positionOf, type SequenceNumber } from '@millrace/core';

/** From one position's number to the next: the counter stands above the last 20 hex digits. */
export const SEQUENCE_STEP = 1n << 80n;

/** As many decimal digits as a number holds with room for a carry. */
const LIMB_DIGITS = 15;
const LIMB = 10 ** LIMB_DIGITS;
const STEP_LOW = Number(SEQUENCE_STEP % BigInt(LIMB));
const STEP_MIDDLE = Number(SEQUENCE_STEP / BigInt(LIMB));

const limbText = (limb: number): string => String(limb).padStart(LIMB_DIGITS, '0');

/**
 * The sequence numbers of positions in a row. A step changes the last 25 of the 56 digits, and the others about
 * once in a million: the last 30 are two numbers, and only a carry out of them asks for a big one.
 */
export class SequenceRun {
  readonly #first: bigint;
  #next: Position;
  #high = '';
  #middle = 0;
  #low = 0;

  /** `first` is the number of the shard's position 0. */
  constructor(first: bigint, next: Position) {
    this.#first = first;
    this.#next = next;
    this.#workOut();
  }

  /** The number of `next`, which goes on by one. */
  take(): SequenceNumber {
    const text = this.#high + limbText(this.#middle) + limbText(this.#low);
    this.#next = positionOf(this.#next + 1);
    this.#step();
    return text as SequenceNumber;
  }

  #step(): void {
    this.#low += STEP_LOW;
    this.#middle += STEP_MIDDLE;
    if (this.#low >= LIMB) {
      this.#low -= LIMB;
      this.#middle += 1;
    }
    if (this.#middle >= LIMB) this.#workOut();
  }

  #workOut(): void {
    const digits = (this.#first + BigInt(this.#next) * SEQUENCE_STEP).toString();
    this.#high = digits.slice(0, -2 * LIMB_DIGITS);
    this.#middle = Number(digits.slice(-2 * LIMB_DIGITS, -LIMB_DIGITS));
    this.#low = Number(digits.slice(-LIMB_DIGITS));
  }
}
