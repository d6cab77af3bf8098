/** A body while it is written, item by item, in the order in which they stand in it. */
export interface BodyOutput<Name> {
  /** Bytes so far. */
  readonly length: number;
  /** Makes room for more items like one that took so many bytes: a long list is then written without moving. */
  expect(items: number, itemBytes: number): void;
  /** What it returns is for `endMap`, which also says how many there were. */
  map(countMax: number): number;
  /** Comes before each value of a map; `index` counts from 0. */
  name(name: Name, index: number): void;
  key(text: string, index: number): void;
  endMap(start: number, count: number, countMax: number): void;
  list(count: number): void;
  /** Comes before each item of a list. */
  item(index: number): void;
  endList(): void;
  blob(bytes: Uint8Array): void;
  timestamp(milliseconds: number): void;
  /** All else: strings, numbers, booleans, null. */
  scalar(value: unknown): void;
  finish(): Uint8Array;
}
