/**
 * Writes out MD5's 64 steps (RFC 1321, section 3.4) as straight-line code on 32-bit integers: no tables, no
 * loop, no allocation, which is what makes it several times faster than a call into OpenSSL for short keys.
 */
const ROUNDS = [
  {
    shifts: [7, 12, 17, 22],
    word: (i: number) => i,
    mix: (b: string, c: string, d: string) => `${d} ^ (${b} & (${c} ^ ${d}))`,
  },
  {
    shifts: [5, 9, 14, 20],
    word: (i: number) => (5 * i + 1) % 16,
    mix: (b: string, c: string, d: string) => `${c} ^ (${d} & (${b} ^ ${c}))`,
  },
  {
    shifts: [4, 11, 16, 23],
    word: (i: number) => (3 * i + 5) % 16,
    mix: (b: string, c: string, d: string) => `${b} ^ ${c} ^ ${d}`,
  },
  {
    shifts: [6, 10, 15, 21],
    word: (i: number) => (7 * i) % 16,
    mix: (b: string, c: string, d: string) => `${c} ^ (${b} | ~${d})`,
  },
] as const;

const step = (i: number): string => {
  const round = ROUNDS[Math.floor(i / 16)];
  const shift = round?.shifts[i % 4];
  if (round === undefined || shift === undefined) throw new Error(`no step ${i}`);
  const [a, b, c, d] = [0, 1, 2, 3].map((n) => 'abcd'[(n + 64 - i) % 4]) as [string, string, string, string];
  const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0;
  const sign = constant < 0 ? '-' : '+';
  return [
    `  ${a} = (${a} + (${round.mix(b, c, d)}) + (w[${round.word(i)}] | 0) ${sign} ${Math.abs(constant)}) | 0;`,
    `  ${a} = (((${a} << ${shift}) | (${a} >>> ${32 - shift})) + ${b}) | 0;`,
  ].join('\n');
};

export const md5BlockSource = (): string =>
  `// Written by scripts/generate/md5-block.ts: do not edit.

/** One block of MD5: \`w\` holds 16 little-endian words; \`state\` holds a, b, c, d and is brought forward. */
export const md5Block = (w: Int32Array, state: Int32Array): void => {
  let a = state[0] | 0;
  let b = state[1] | 0;
  let c = state[2] | 0;
  let d = state[3] | 0;
${Array.from({ length: 64 }, (_, i) => step(i)).join('\n')}
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
};
`
    .replaceAll(/\bw\[(\d+)\]/g, '(w[$1] as number)')
    .replaceAll(/([^ ] )?\bstate\[(\d)\](?! = )/g, '$1(state[$2] as number)');
