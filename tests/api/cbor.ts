const head = (major: number, value: number): number[] => {
  if (value < 24) return [(major << 5) | value];
  if (value > 255) throw new Error(`${value} needs a longer head`);
  return [(major << 5) | 24, value];
};

const encode = (value: unknown): number[] => {
  if (typeof value === 'boolean') return [value ? 0xf5 : 0xf4];
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return [...head(3, Buffer.byteLength(value)), ...Buffer.from(value)];
  if (Array.isArray(value)) return [...head(4, value.length), ...value.flatMap(encode)];
  const entries = Object.entries(value as object);
  return [...head(5, entries.length), ...entries.flat().flatMap(encode)];
};

/** What JSON can say, and no large numbers or long texts, as CBOR (RFC 8949). */
export const asCbor = (input: object): Uint8Array<ArrayBuffer> => Uint8Array.from(encode(input));
