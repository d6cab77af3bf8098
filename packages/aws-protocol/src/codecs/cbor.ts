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

const parserOf = (form: TimestampForm) =>
  shapeParser(
    scalarReaders({
      blob: (raw) => {
        if (raw instanceof Uint8Array) return raw;
        if (typeof raw === 'string') return decodeBase64(raw);
        throw wrongScalar(raw, 'a Blob');
      },
      timestamp: (raw) => {
        if (raw instanceof Instant) return raw.milliseconds;
        if (typeof raw === 'number' || typeof raw === 'bigint') return fromNumber(Number(raw), form);
        throw wrongTimestamp(raw);
      },
    }),
  );

/** How a protocol writes timestamps under the tag; a float is always seconds, as the tag's definition says. */
interface TimestampForm {
  /** What an integer says, in milliseconds. */
  readonly fromInteger: (value: number) => number;
  readonly write: (milliseconds: number) => number;
}

const fromNumber = (value: number, { fromInteger }: TimestampForm): number => {
  if (Number.isNaN(value)) throw wrongTimestamp(value);
  return Number.isInteger(value) ? fromInteger(value) : millisecondsFrom(value);
};

/** Anything but a number is left for `parse` to refuse. */
const readTimestamp =
  (tokens: CborTokenizer, { fromInteger }: TimestampForm) =>
  (content: TagDecodeControl) => {
    const isFloat = tokens.nextIsFloat();
    const value = content();
    if (typeof value === 'bigint') return new Instant(fromInteger(Number(value)));
    if (typeof value !== 'number' || Number.isNaN(value)) return value;
    return new Instant(isFloat ? millisecondsFrom(value) : fromInteger(value));
  };

const decode = (body: Uint8Array, form: TimestampForm): unknown => {
  const tokenizer = new CborTokenizer(body);
  try {
    return readCbor(body, { tokenizer, tags: { [timestampTag]: readTimestamp(tokenizer, form) } });
  } catch (cause) {
    throw new MalformedBody('the body is not CBOR', { cause });
  }
};

const codecOf = (contentType: string, form: TimestampForm): Codec => {
  const parser = parserOf(form);
  const encoder = shapeEncoder({
    blob: (value) => value,
    timestamp: (milliseconds) => new Tagged(timestampTag, form.write(milliseconds)),
  });
  return {
    contentType,
    decode: (body) => decode(body, form),
    parse: (model, shape, value) => parser(model, shape)(value),
    encode: (model, shape, value) => writeCbor(encoder(model, shape)(value)),
    encodeError: (code, message, messageKey) =>
      writeCbor({ __type: code, ...(message === undefined ? {} : { [messageKey]: message }) }),
  };
};

/**
 * AWS's CBOR 1.1, which Java's SDKs speak by default: against the tag's definition (seconds) they write integer
 * milliseconds, and parse nothing else back. Without the tag an integer is milliseconds too.
 */
export const cborCodec: Codec = codecOf('application/x-amz-cbor-1.1', {
  fromInteger: inDateRange,
  write: Math.round,
});

/** The CBOR of Smithy's RPC v2: seconds, with a fraction where they have one. */
export const rpcV2CborCodec: Codec = codecOf('application/cbor', {
  fromInteger: millisecondsFrom,
  write: (milliseconds) => milliseconds / 1000,
});
