/**
 * Whether a text has between min and max code points. One takes one or two units of a JavaScript string, so
 * most texts need no counting.
 */
export const codePointsBetween = (text: string, min: number, max: number): boolean => {
  const units = text.length;
  if (units <= max && units >= min * 2) return true;
  if (units < min || units > max * 2) return false;
  const points = codePoints(text);
  return points >= min && points <= max;
};

const codePoints = (text: string): number => {
  let count = 0;
  for (let unit = 0; unit < text.length; unit += 1) {
    if ((text.codePointAt(unit) ?? 0) > 0xffff) unit += 1;
    count += 1;
  }
  return count;
};
