import { decode as readCbor, type TagDecodeControl } from 'cborg';
import { decodeBase64 } from './base64.ts';
import { bufferOf } from './buffer-of.ts';
import { CborCursor, cborNameBytes } from './cbor-cursor.ts';
import { TIMESTAMP_TAG } from './cbor-major.ts';
import { CborOutput } from './cbor-output.ts';
import { Instant, type TimestampForm } from './cbor-timestamp.ts';
import { CborTokenizer } from './cbor-tokenizer.ts';
import { type Codec, MalformedBody } from './codec.ts';
import { shapeParser } from './parse-shape.ts';
import { plainReader } from './read-plain.ts';
import {
  inDateRange,
  millisecondsFrom,
  type ScalarReaders,
  scalarReaders,
  wrongTimestamp,
} from './scalars.ts';
import { wrongScalar } from './type-mismatch.ts';
import { shapeWriter } from './write-shape.ts';

const scalarsOf = (form: TimestampForm): ScalarReaders =>
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
  });

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
    return readCbor(body, { tokenizer, tags: { [TIMESTAMP_TAG]: readTimestamp(tokenizer, form) } });
  } catch (cause) {
    throw new MalformedBody('the body is not CBOR', { cause });
  }
};

const codecOf = (contentType: string, form: TimestampForm): Codec => {
  const scalars = scalarsOf(form);
  const reader = plainReader({
    open: (body) => new CborCursor(body, form),
    nameBytes: cborNameBytes,
    scalars,
  });
  const parser = shapeParser(scalars);
  return {
    contentType,
    read: (model, shape, body) => reader(model, shape, bufferOf(body)),
    decode: (body) => decode(body, form),
    parse: (model, shape, value) => parser(model, shape)(value),
    encode: shapeWriter({ open: () => new CborOutput(form), nameOf: cborNameBytes }),
    encodeError: (code, message, messageKey) => {
      const texts = message === undefined ? ['__type', code] : ['__type', code, messageKey, message];
      const output = new CborOutput(form);
      const start = output.map(texts.length / 2);
      for (const text of texts) output.key(text);
      output.endMap(start, texts.length / 2, texts.length / 2);
      return output.finish();
    },
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
