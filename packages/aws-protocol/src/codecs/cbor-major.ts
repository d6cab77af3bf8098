/** The upper three bits of an item's first byte (RFC 8949, 3.1). */
export const major = { uint: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const;

/** The lower five bits, where they are not the item's number itself. */
export const info = { uint8: 24, uint16: 25, uint32: 26, uint64: 27, indefinite: 31 } as const;

export const FALSE = 0xf4;
export const TRUE = 0xf5;
export const NULL = 0xf6;
export const FLOAT_32 = 0xfa;
export const FLOAT_64 = 0xfb;
export const BREAK = 0xff;

/** The tag of a timestamp. */
export const TIMESTAMP_TAG = 1;
