import { Buffer, isUtf8 } from 'node:buffer';
import { decodeBase64 } from './base64.ts';
import { type Codec, MalformedBody } from './codec.ts';
import { shapeEncoder } from './encode-shape.ts';
import { shapeParser } from './parse-shape.ts';
import { millisecondsFrom, scalarReaders, wrongTimestamp } from './scalars.ts';
import { wrongScalar } from './type-mismatch.ts';

const parser = shapeParser(
  scalarReaders({
    blob: (raw) => {
      if (typeof raw === 'string') return decodeBase64(raw);
      throw wrongScalar(raw, 'a Blob');
    },
    timestamp: (raw) => {
      if (typeof raw === 'number') return millisecondsFrom(raw);
      throw wrongTimestamp(raw);
    },
  }),
);

/** Blobs go as base64 text, timestamps as seconds with a fraction. */
const encoder = shapeEncoder({
  blob: (value) => bufferOf(value).toString('base64'),
  timestamp: (milliseconds) => milliseconds / 1000,
});

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const decode = (body: Uint8Array): unknown => {
  if (!isUtf8(body)) throw new MalformedBody('the body is not UTF-8');
  try {
    return JSON.parse(bufferOf(body).toString('utf8'));
  } catch (cause) {
    throw new MalformedBody('the body is not JSON', { cause });
  }
};

const write = (raw: unknown): Uint8Array => Buffer.from(JSON.stringify(raw), 'utf8');

/** AWS's JSON 1.1. */
export const jsonCodec: Codec = {
  contentType: 'application/x-amz-json-1.1',
  decode,
  parse: (model, shape, value) => parser(model, shape)(value),
  encode: (model, shape, value) => write(encoder(model, shape)(value)),
  encodeError: (code, message, messageKey) =>
    write({ __type: code, ...(message === undefined ? {} : { [messageKey]: message }) }),
};
