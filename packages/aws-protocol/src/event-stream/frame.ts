import { crc32 } from 'node:zlib';

/** Total length, length of the headers, CRC-32 of these two. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** The header type of a string with a length of two bytes. */
const STRING = 7;

const headerBytes = ([name, value]: readonly [string, string]): Buffer => {
  const nameBytes = Buffer.from(name, 'utf8');
  const valueBytes = Buffer.from(value, 'utf8');
  const head = Buffer.from([
    nameBytes.length,
    ...nameBytes,
    STRING,
    valueBytes.length >> 8,
    valueBytes.length & 0xff,
  ]);
  return Buffer.concat([head, valueBytes]);
};

/** The headers of a frame, ready to be used for many. */
export const encodeHeaders = (headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(Object.entries(headers).map(headerBytes));

/**
 * One message of `application/vnd.amazon.eventstream`:
 * u32 total · u32 headers' length · u32 CRC-32 so far · headers · payload · u32 CRC-32 so far, all big-endian.
 */
export const encodeFrame = (headers: Uint8Array, payload: Uint8Array): Uint8Array => {
  const total = PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES;
  const frame = Buffer.allocUnsafe(total);
  frame.writeUInt32BE(total, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(headers, PRELUDE_BYTES);
  frame.set(payload, PRELUDE_BYTES + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, total - CHECKSUM_BYTES)), total - CHECKSUM_BYTES);
  return frame;
};
