import { Buffer } from 'node:buffer';
import { bufferOf } from './buffer-of.ts';
import { TypeMismatch } from './type-mismatch.ts';

/** Node 24 does not have the platform's own, which needs no Buffer around the bytes. */
export const base64Of: (bytes: Uint8Array) => string =
  'toBase64' in Uint8Array.prototype
    ? (bytes) => bytes.toBase64()
    : (bytes) => bufferOf(bytes).toString('base64');

/**
 * Canonical base64 or a TypeMismatch with AWS's text. Node's decoder is lenient: it skips what it does not
 * know, stops at the first `=`, takes the URL alphabet too and cuts wide characters down to a byte. Each of
 * these shows in a length, the two foreign characters or the last four, which native code finds quickly.
 */
export const decodeBase64 = (text: string): Uint8Array => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== decodedLength(text) || !isAscii(text)) throw notBase64(text);
  if (text.includes('-') || text.includes('_') || !lastGroupIsCanonical(text, bytes)) throw notBase64(text);
  return bytes;
};

const isAscii = (text: string): boolean => Buffer.byteLength(text, 'utf8') === text.length;

/** NaN for a length that no base64 text has. */
const decodedLength = (text: string): number => {
  if (text.length % 4 !== 0) return Number.NaN;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
};

/** The bits that padding leaves unused must be zero. */
const lastGroupIsCanonical = (text: string, bytes: Buffer): boolean =>
  !text.endsWith('=') || text.endsWith(bytes.toString('base64', Math.floor((bytes.length - 1) / 3) * 3));

const notBase64 = (text: string): TypeMismatch =>
  new TypeMismatch(`'${text}' can not be converted to a Blob: ${whyNotBase64(text)}`);

const whyNotBase64 = (text: string): string => {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
  }
  const foreign = /[^a-zA-Z0-9+/=]|=(?=[^=])/u.exec(text)?.[0];
  if (foreign !== undefined) return `Invalid Base64 character: '${foreign}'`;
  return 'Invalid last non-pad Base64 character dectected';
};
