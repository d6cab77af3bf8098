import { invalid } from '../errors.ts';

/**
 * A DynamoDB number: coefficient × 10^exponent, exactly. The coefficient has no trailing zeros, so that equal numbers
 * are equal member by member; zero is 0 × 10⁰.
 */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Significant digits, and the power of ten of the first of them (API documentation: 1E-130 to 9.99…E+125). */
const DIGITS_MAX = 38;
const MAGNITUDE_MIN = -130;
const MAGNITUDE_MAX = 125;

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

const ZERO: Decimal = { coefficient: 0n, exponent: 0 };

const digitsOf = ({ coefficient }: Decimal): string => String(coefficient < 0n ? -coefficient : coefficient);

/** The power of ten of the first digit; of a number that is not zero. */
export const magnitudeOf = (number: Decimal): number => digitsOf(number).length + number.exponent - 1;

/** `digits` times 10^exponent, checked; zeros at both ends may still be there. */
const checked = (isNegative: boolean, digits: string, exponent: number): Decimal => {
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  if (significant === '') return ZERO;
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  const magnitude = significant.length + exponent + zeros - 1;
  if (magnitude > MAGNITUDE_MAX) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < MAGNITUDE_MIN) {
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (significant.length > DIGITS_MAX) {
    throw invalid(`Attempting to store more than ${DIGITS_MAX} significant digits in a Number`);
  }
  const coefficient = BigInt(significant);
  return { coefficient: isNegative ? -coefficient : coefficient, exponent: exponent + zeros };
};

export const decimalOf = (text: string): Decimal => {
  const [, sign, whole = '', fraction = '', exponent = '0'] = FORM.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') {
    throw invalid(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  }
  return checked(sign === '-', whole + fraction, Number(exponent) - fraction.length);
};

/** Plain notation, as DynamoDB answers. */
export const decimalText = (number: Decimal): string => {
  const sign = number.coefficient < 0n ? '-' : '';
  const digits = digitsOf(number);
  const { exponent } = number;
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
};

/** Both as multiples of one power of ten; the range of exponents bounds the work. */
const aligned = (a: Decimal, b: Decimal): [a: bigint, b: bigint, exponent: number] => {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (number: Decimal) => number.coefficient * 10n ** BigInt(number.exponent - exponent);
  return [scaled(a), scaled(b), exponent];
};

const fromScaled = (scaled: bigint, exponent: number): Decimal => {
  const isNegative = scaled < 0n;
  return checked(isNegative, String(isNegative ? -scaled : scaled), exponent);
};

/** A sum that takes more digits than a number has is refused, never rounded. */
export const add = (a: Decimal, b: Decimal): Decimal => {
  const [x, y, exponent] = aligned(a, b);
  return fromScaled(x + y, exponent);
};

export const subtract = (a: Decimal, b: Decimal): Decimal => {
  const [x, y, exponent] = aligned(a, b);
  return fromScaled(x - y, exponent);
};

export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : Number(x > y);
};
