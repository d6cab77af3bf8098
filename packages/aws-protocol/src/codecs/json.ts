import { Buffer, isUtf8 } from 'node:buffer';
import type { ServiceModel } from '@millrace/aws-model';
import { decodeBase64 } from './base64.ts';
import { bufferOf } from './buffer-of.ts';
import { type Codec, MalformedBody } from './codec.ts';
import { shapeEncoder } from './encode-shape.ts';
import { holdsBlobs } from './holds-blobs.ts';
import { JsonCursor, jsonNameBytes } from './json-cursor.ts';
import { JsonOutput, jsonNameOf } from './json-output.ts';
import { shapeParser } from './parse-shape.ts';
import { plainReader } from './read-plain.ts';
import { millisecondsFrom, scalarReaders, wrongTimestamp } from './scalars.ts';
import { wrongScalar } from './type-mismatch.ts';
import { shapeWriter } from './write-shape.ts';

const scalars = scalarReaders({
  blob: (raw) => {
    if (typeof raw === 'string') return decodeBase64(raw);
    throw wrongScalar(raw, 'a Blob');
  },
  timestamp: (raw) => {
    if (typeof raw === 'number') return millisecondsFrom(raw);
    throw wrongTimestamp(raw);
  },
});

const parser = shapeParser(scalars);
const reader = plainReader({ open: (body) => new JsonCursor(body), nameBytes: jsonNameBytes, scalars });
const writer = shapeWriter({ open: () => new JsonOutput(), nameOf: jsonNameOf });

/** Blobs go as base64 text, timestamps as seconds with a fraction. */
const encoder = shapeEncoder({
  blob: (value) => bufferOf(value).toString('base64'),
  timestamp: (milliseconds) => milliseconds / 1000,
});

const decode = (body: Uint8Array): unknown => {
  if (!isUtf8(body)) throw new MalformedBody('the body is not UTF-8');
  try {
    return JSON.parse(bufferOf(body).toString('utf8'));
  } catch (cause) {
    throw new MalformedBody('the body is not JSON', { cause });
  }
};

export const writeJson = (raw: unknown): Uint8Array => Buffer.from(JSON.stringify(raw), 'utf8');

/** The value as JSON has it, before it is written. */
export const encodeShapeAsJson = (model: ServiceModel, shape: string, value: unknown): object =>
  encoder(model, shape)(value) as object;

/** Without blobs nothing is faster than the platform's own; with them its giant texts cost more than they save. */
const encode: Codec['encode'] = (model, shape, value) =>
  holdsBlobs(model, shape) ? writer(model, shape, value) : writeJson(encoder(model, shape)(value));

/** AWS's JSON 1.1. */
export const jsonCodec: Codec = {
  contentType: 'application/x-amz-json-1.1',
  read: (model, shape, body) => reader(model, shape, bufferOf(body)),
  decode,
  parse: (model, shape, value) => parser(model, shape)(value),
  encode,
  encodeError: (code, message, messageKey) =>
    writeJson({ __type: code, ...(message === undefined ? {} : { [messageKey]: message }) }),
};
