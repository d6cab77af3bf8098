import type { Random } from '@millrace/client-common';

/** Hexadecimal digits of a version: 128 bits. */
const DIGITS = 32;
const SIXTEEN = 16;

/** Different from every other, in the form of a UUID. */
export const randomVersion = (random: Random): string => {
  const digits = Array.from({ length: DIGITS }, () => Math.floor(random.next() * SIXTEEN).toString(SIXTEEN));
  return digits.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
};
