/**
 * The first 32 bits of the MD5 (RFC 1321) of short ASCII text. Calling the platform's digest costs several times more
 * than this arithmetic, and a producer needs one for every record, mostly no more of it than this.
 */

/** One block holds so much beside its padding. */
const LENGTH_MAX = 55;
const LENGTH_WORD = 14;
const ASCII_MAX = 0x7f;

const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
].flatMap((ofRound) => Array.from({ length: 16 }, (_, step) => ofRound[step % 4] ?? 0));

/** Which word of the block a step takes. */
const WORDS = Array.from({ length: 64 }, (_, step) => {
  const [factor = 1, offset = 0] =
    [
      [1, 0],
      [5, 1],
      [3, 5],
      [7, 0],
    ][step >> 4] ?? [];
  return (factor * step + offset) % 16;
});

const TABLES = {
  rotations: Uint8Array.from(ROTATIONS),
  words: Uint8Array.from(WORDS),
  sines: Int32Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0),
};

const [A, B, C, D] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
const block = new Int32Array(16);

/** Writes text and padding; false: the text is not of the kind that one block of ASCII holds. */
const fill = (text: string): boolean => {
  block.fill(0);
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code > ASCII_MAX) return false;
    block[place >> 2] = (block[place >> 2] as number) | (code << ((place & 3) << 3));
  }
  block[text.length >> 2] = (block[text.length >> 2] as number) | (0x80 << ((text.length & 3) << 3));
  block[LENGTH_WORD] = text.length << 3;
  return true;
};

/** What the four rounds do with three of the four words. */
const mix = (round: number, b: number, c: number, d: number): number => {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
};

const firstWord = (): number => {
  const { rotations, words, sines } = TABLES;
  let [a, b, c, d] = [A, B, C, D];
  for (let step = 0; step < 64; step++) {
    const word = block[words[step] as number] as number;
    const sum = (a + mix(step >> 4, b, c, d) + (sines[step] as number) + word) | 0;
    const rotation = rotations[step] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  return (a + A) | 0;
};

const swapped = (word: number): number =>
  ((word << 24) | ((word << 8) & 0xff0000) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

/** Undefined: the text is too long for this, or not ASCII. */
export const md5Prefix = (text: string): number | undefined =>
  text.length <= LENGTH_MAX && fill(text) ? swapped(firstWord()) : undefined;
