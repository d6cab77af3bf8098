import { createHash } from 'node:crypto';

/** The digest's four words as unsigned 32-bit numbers, in the order of its hex text. */
export type Md5Words = readonly [number, number, number, number];

export const md5 = (text: string): Md5Words => {
  const digest = createHash('md5').update(text, 'utf8').digest();
  return [digest.readUInt32BE(0), digest.readUInt32BE(4), digest.readUInt32BE(8), digest.readUInt32BE(12)];
};
