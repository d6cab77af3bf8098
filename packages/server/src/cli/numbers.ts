import { InvalidArgumentError } from 'commander';

/** Reads the argument of a flag that takes a positive whole number. */
export const positiveNumber = (text: string): number => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('Give a whole number above zero.');
  }
  return number;
};

/** Reads the argument of a flag that takes zero or more. */
export const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('Give a whole number.');
  }
  return number;
};
