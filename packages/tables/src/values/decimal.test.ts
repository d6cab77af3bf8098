import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { add, compareDecimals, decimalOf, decimalText, subtract } from './decimal.ts';

const invalid = (message: string) => ({ code: 'ValidationException', message });

/** Numbers of a few digits on both sides of the point, as an exact count of 10⁻²⁰. */
const small = fc.record({
  digits: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  exponent: fc.integer({ min: -20, max: 5 }),
});
type Small = { digits: bigint; exponent: number };
const textOf = ({ digits, exponent }: Small): string => `${digits}e${exponent}`;
const scaled = ({ digits, exponent }: Small): bigint => digits * 10n ** BigInt(exponent + 20);
const scaledText = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole + fraction.padEnd(20, '0'));
  return text.startsWith('-') ? -magnitude : magnitude;
};

test('what is read is written in plain notation, and means the same', () => {
  fc.assert(
    fc.property(small, (number) => scaledText(decimalText(decimalOf(textOf(number)))) === scaled(number)),
  );
});

test('sums and differences are exact', () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      const [x, y] = [decimalOf(textOf(a)), decimalOf(textOf(b))];
      assert.equal(scaledText(decimalText(add(x, y))), scaled(a) + scaled(b));
      assert.equal(scaledText(decimalText(subtract(x, y))), scaled(a) - scaled(b));
    }),
  );
});

test('the order is that of the numbers', () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      const order = compareDecimals(decimalOf(textOf(a)), decimalOf(textOf(b)));
      assert.equal(order, scaled(a) < scaled(b) ? -1 : Number(scaled(a) > scaled(b)));
    }),
  );
});

const FORMS = [
  ['1.50', '1.5'],
  ['-0', '0'],
  ['+7', '7'],
  ['007', '7'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['1E3', '1000'],
  ['12.5e-3', '0.0125'],
  ['100', '100'],
] as const;
for (const [given, written] of FORMS) {
  test(`${given} is answered as ${written}`, () => assert.equal(decimalText(decimalOf(given)), written));
}

const NINES = '9'.repeat(38);

test('38 digits are kept, a 39th is refused', () => {
  assert.equal(decimalText(decimalOf(NINES)), NINES);
  assert.equal(decimalText(decimalOf(`${NINES}000`)), `${NINES}000`);
  assert.throws(
    () => decimalOf(`${NINES}9`),
    invalid('Attempting to store more than 38 significant digits in a Number'),
  );
});

test('a sum of more than 38 digits is refused, not rounded', () => {
  assert.throws(() => add(decimalOf('1e38'), decimalOf('0.1')), {
    message: 'Attempting to store more than 38 significant digits in a Number',
  });
});

test('the range is from 1E-130 to 9.99E+125', () => {
  assert.equal(decimalText(decimalOf('1e-130')).length, 132);
  assert.equal(decimalText(decimalOf('9.9e125')).length, 126);
  assert.throws(
    () => decimalOf('1e126'),
    invalid('Number overflow. Attempting to store a number with magnitude larger than supported range'),
  );
  assert.throws(
    () => decimalOf('-1e-131'),
    invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range'),
  );
});

for (const text of ['', 'a', '1a', '--1', '1e', 'e5', '.', '1 ', 'Infinity', 'NaN', '0x10', '1e9999999999']) {
  test(`'${text}' is no number`, () => {
    const end = text === '' ? '' : `: ${text}`;
    assert.throws(
      () => decimalOf(text),
      invalid(`The parameter cannot be converted to a numeric value${end}`),
    );
  });
}
