import { codePointsBetween } from './code-points.ts';

/**
 * Longer values are not matched once they break their shape's maximum: a few of AWS's patterns have several
 * `.*` and would take time polynomial in a length that the caller chooses. Their length is reported anyway.
 */
const alwaysMatchedLengthMax = 1_024;

/** Matches the whole value, as Java's `matches` does; AWS prints patterns with and without anchors. */
export const wholeMatch = (pattern: string, max = Infinity): ((value: string) => boolean) => {
  const expression = new RegExp(`^(?:${pattern})$`, flagsFor(pattern));
  return (value) => isFarTooLong(value, max) || expression.test(value);
};

const isFarTooLong = (value: string, max: number): boolean =>
  value.length > alwaysMatchedLengthMax && !codePointsBetween(value, 0, max);

/** Character classes such as \p{L} need the `u` flag; other patterns use escapes that it would refuse. */
const flagsFor = (pattern: string): string => (pattern.includes('\\p{') ? 'u' : '');
