import type { Random } from '@millrace/core';

/** AWS's have 64 to 80 (recorded). */
const BYTES = 72;
const STATE_BYTES = 16;

/**
 * The x-amz-id-2 of answers: different each time and of AWS's form. It is nobody's secret, so a small
 * generator (xorshift with 128 bits of state) that starts from real randomness is enough.
 */
export class ExtendedRequestIds {
  #first: number;
  #second: number;
  #third: number;
  #last: number;
  readonly #words = new Uint32Array(BYTES / 4);
  readonly #bytes = Buffer.from(this.#words.buffer);

  constructor(random: Random) {
    const seed = new DataView(random.bytes(STATE_BYTES).buffer);
    // All zeros is the one state that never changes.
    this.#first = seed.getInt32(0) | 1;
    this.#second = seed.getInt32(4);
    this.#third = seed.getInt32(8);
    this.#last = seed.getInt32(12);
  }

  next(): string {
    for (let index = 0; index < this.#words.length; index += 1) this.#words[index] = this.#nextWord();
    return this.#bytes.toString('base64');
  }

  #nextWord(): number {
    const mixed = this.#first ^ (this.#first << 11);
    this.#first = this.#second;
    this.#second = this.#third;
    this.#third = this.#last;
    this.#last ^= (this.#last >>> 19) ^ mixed ^ (mixed >>> 8);
    return this.#last;
  }
}
