import { hash } from 'node:crypto';
import { md5Block } from './generated/md5-block.ts';

/** The digest's four words as unsigned 32-bit numbers, in the order of its hex text. */
export type Md5Words = readonly [number, number, number, number];

/** A block holds 64 bytes, of which the end mark and the length take nine. */
const SINGLE_BLOCK_BYTES_MAX = 55;
const INITIAL_STATE = Int32Array.of(0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476);
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

// One event loop, and nothing here waits: the scratch space is never shared.
const block = new Int32Array(16);
const blockBytes = Buffer.from(block.buffer);
const state = new Int32Array(4);

const swapped = (word: number): number =>
  ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

const wordAt = (index: number): number => swapped(state[index] ?? 0) >>> 0;

const viaOpenSsl = (text: string): Md5Words => {
  const digest = hash('md5', text, 'buffer');
  return [digest.readUInt32BE(0), digest.readUInt32BE(4), digest.readUInt32BE(8), digest.readUInt32BE(12)];
};

/** MD5 of the text's UTF-8 bytes. Short texts, as partition keys are, stay out of OpenSSL. */
export const md5 = (text: string): Md5Words => {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  if (!IS_LITTLE_ENDIAN || text.length * 3 > SINGLE_BLOCK_BYTES_MAX) {
    if (!IS_LITTLE_ENDIAN || Buffer.byteLength(text) > SINGLE_BLOCK_BYTES_MAX) return viaOpenSsl(text);
  }
  block.fill(0);
  const length = blockBytes.write(text, 0, 'utf8');
  blockBytes[length] = 0x80;
  block[14] = length * 8;
  state.set(INITIAL_STATE);
  md5Block(block, state);
  return [wordAt(0), wordAt(1), wordAt(2), wordAt(3)];
};
