import { decode as readCbor, type TagDecodeControl, Tagged, encode as writeCbor } from 'cborg';
import { decodeBase64 } from './base64.ts';
import { CborTokenizer } from './cbor-tokenizer.ts';
import { type Codec, MalformedBody } from './codec.ts';
import { shapeEncoder } from './encode-shape.ts';
import { shapeParser } from './parse-shape.ts';
import { inDateRange, millisecondsFrom, scalarReaders, wrongTimestamp } from './scalars.ts';
import { wrongScalar } from './type-mismatch.ts';

const timestampTag = 1;

/** A number that stood under the tag for timestamps. */
class Instant {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
}

const parser = shapeParser(
  scalarReaders({
    blob: (raw) => {
      if (raw instanceof Uint8Array) return raw;
      if (typeof raw === 'string') return decodeBase64(raw);
      throw wrongScalar(raw, 'a Blob');
    },
    timestamp: (raw) => {
      if (raw instanceof Instant) return raw.milliseconds;
      if (typeof raw === 'number' || typeof raw === 'bigint') return bareTimestamp(Number(raw));
      throw wrongTimestamp(raw);
    },
  }),
);

/** Without the tag an integer is milliseconds too; only a fraction can be meant as seconds. */
const bareTimestamp = (value: number): number => {
  if (Number.isNaN(value)) throw wrongTimestamp(value);
  return Number.isInteger(value) ? inDateRange(value) : millisecondsFrom(value);
};

/**
 * Java's SDKs write integer milliseconds under tag 1, against the tag's definition (seconds), which a float
 * still follows. Anything but a number is left for `parse` to refuse.
 */
const readTimestamp = (tokens: CborTokenizer) => (content: TagDecodeControl) => {
  const isFloat = tokens.nextIsFloat();
  const value = content();
  if (typeof value === 'bigint') return new Instant(inDateRange(Number(value)));
  if (typeof value !== 'number' || Number.isNaN(value)) return value;
  return new Instant(isFloat ? millisecondsFrom(value) : inDateRange(value));
};

const decode = (body: Uint8Array): unknown => {
  const tokenizer = new CborTokenizer(body);
  try {
    return readCbor(body, { tokenizer, tags: { [timestampTag]: readTimestamp(tokenizer) } });
  } catch (cause) {
    throw new MalformedBody('the body is not CBOR', { cause });
  }
};

/** Java's SDKs parse only integer milliseconds back. */
const encoder = shapeEncoder({
  blob: (value) => value,
  timestamp: (milliseconds) => new Tagged(timestampTag, Math.round(milliseconds)),
});

/** AWS's CBOR 1.1, which Java's SDKs speak by default. */
export const cborCodec: Codec = {
  contentType: 'application/x-amz-cbor-1.1',
  decode,
  parse: (model, shape, value) => parser(model, shape)(value),
  encode: (model, shape, value) => writeCbor(encoder(model, shape)(value)),
  encodeError: (code, message, messageKey) =>
    writeCbor({ __type: code, ...(message === undefined ? {} : { [messageKey]: message }) }),
};
