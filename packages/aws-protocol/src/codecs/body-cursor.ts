/**
 * Where a quick reader stands in a body. Each method passes what it reads, and throws `notPlain` where something
 * else stands there, or the same thing in a way that is not worth a quick reader's time.
 */
export interface BodyCursor {
  /** What these return is for `more`. */
  map(): number;
  list(): number;
  /** Whether an item of this number, from 0, comes in the container that was opened; else passes its end. */
  more(opened: number, index: number): boolean;
  /** Which of the names comes next; each is given as `nameBytes` of the format has it. */
  name(names: readonly Uint8Array[]): number;
  /** Any name. */
  key(): string;
  string(): string;
  /** Memory that is not the body's; all blobs of a body share it. */
  blob(): Uint8Array;
  /** What stands in the body without quotes or the like: numbers, words, timestamps. */
  literal(): unknown;
  /** That nothing comes after the body. */
  end(): void;
}

/** Which of the names stands there; -1 for another. */
export const nameAt = (bytes: Uint8Array, at: number, names: readonly Uint8Array[]): number => {
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (name !== undefined && standsAt(bytes, at, name)) return index;
  }
  return -1;
};

const standsAt = (bytes: Uint8Array, at: number, name: Uint8Array): boolean => {
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[at + index] !== name[index]) return false;
  }
  return true;
};
