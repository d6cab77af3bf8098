/** Seven bits a byte, lowest first; the top bit says that more follow. Values to write stay below 2^31. */
export const varintBytes = (value: number): number => {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
};

/** Returns the offset behind it. */
export const writeVarint = (target: Uint8Array, value: number, offset: number): number => {
  let rest = value;
  let at = offset;
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
};
