import { TypeMismatch, wrongScalar } from './type-mismatch.ts';

/** How each scalar type is read from a decoded body; what differs between the formats is passed in. */
export interface ScalarReaders {
  readonly string: (raw: unknown) => string;
  readonly integer: (raw: unknown) => number;
  readonly long: (raw: unknown) => number;
  readonly double: (raw: unknown) => number;
  readonly float: (raw: unknown) => number;
  readonly boolean: (raw: unknown) => boolean;
  readonly blob: (raw: unknown) => Uint8Array;
  /** Epoch milliseconds. */
  readonly timestamp: (raw: unknown) => number;
}

/** What a body can say but no `Date` can hold lies beyond this (epoch milliseconds). */
const timestampMax = 8.64e15;

/** Seconds above this (year 5138) are taken as milliseconds: Java SDK v1 sends those with CBOR switched off. */
const secondsMax = 1e11;

const readString = (raw: unknown): string => {
  if (typeof raw === 'string') return raw;
  throw wrongScalar(raw, 'an String');
};

/** Fractions are floored and what is too large is capped, as AWS does with an Integer. */
const wholeNumber =
  (target: string, min: number, max: number) =>
  (raw: unknown): number => {
    const number = typeof raw === 'bigint' ? Number(raw) : raw;
    if (typeof number !== 'number' || Number.isNaN(number)) throw wrongScalar(raw, target);
    return Math.min(Math.max(Math.floor(number), min), max);
  };

const fraction =
  (target: string) =>
  (raw: unknown): number => {
    const number = typeof raw === 'bigint' ? Number(raw) : raw;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw wrongScalar(raw, target);
    return number;
  };

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ['TRUE', true],
  ['YES', true],
  ['1', true],
  ['FALSE', false],
  ['NO', false],
  ['0', false],
]);

const readBoolean = (raw: unknown): boolean => {
  if (typeof raw === 'boolean') return raw;
  if (typeof raw !== 'string') throw wrongScalar(raw, 'an Boolean');
  const word = raw.toUpperCase();
  const value = booleanWords.get(word);
  if (value === undefined) throw new TypeMismatch(`'${word}' can not be converted to an Boolean`);
  return value;
};

/** A number of seconds, or of milliseconds where no seconds can be meant. */
export const millisecondsFrom = (seconds: number): number =>
  inDateRange(Math.abs(seconds) > secondsMax ? Math.round(seconds) : Math.round(seconds * 1000));

export const inDateRange = (milliseconds: number): number =>
  Math.min(Math.max(milliseconds, -timestampMax), timestampMax);

export const wrongTimestamp = (raw: unknown): TypeMismatch => wrongScalar(raw, 'milliseconds since epoch');

export const scalarReaders = (format: Pick<ScalarReaders, 'blob' | 'timestamp'>): ScalarReaders => ({
  string: readString,
  integer: wholeNumber('an Integer', -2147483648, 2147483647),
  long: wholeNumber('an Long', -(2 ** 63), 2 ** 63),
  double: fraction('an Double'),
  float: fraction('an Float'),
  boolean: readBoolean,
  ...format,
});
