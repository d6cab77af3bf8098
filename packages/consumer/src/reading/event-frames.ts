import { crc32 } from 'node:zlib';

/**
 * A message of AWS's event-stream encoding:
 *
 *   u32 bytes of all | u32 bytes of headers | u32 CRC-32 of these eight | headers | payload | u32 CRC-32 of all before
 *   header: u8 length, name | u8 type, 7 for a text | u16 length, UTF-8
 */
export interface EventFrame {
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
  /** All of it. */
  readonly bytes: Buffer;
}

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
const TEXT = 7;
/** An event has 2 MiB of data or one record of 10 MiB, in base64. */
const FRAME_BYTES_MAX = 32 * 1024 * 1024;

const damaged = (what: string): Error =>
  Object.assign(new Error(`an event stream is damaged: ${what}`), { name: 'DamagedEventStream' });

const headersIn = (bytes: Buffer): Map<string, string> => {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    if (bytes.readUInt8(nameEnd) !== TEXT) throw damaged('a header that is no text');
    const valueAt = nameEnd + 3;
    const valueEnd = valueAt + bytes.readUInt16BE(nameEnd + 1);
    headers.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', valueAt, valueEnd));
    at = valueEnd;
  }
  return headers;
};

const frameOf = (bytes: Buffer): EventFrame => {
  const payloadAt = PRELUDE_BYTES + bytes.readUInt32BE(4);
  const payloadEnd = bytes.length - CRC_BYTES;
  if (payloadAt > payloadEnd) throw damaged('headers beyond its end');
  if (crc32(bytes.subarray(0, payloadEnd)) !== bytes.readUInt32BE(payloadEnd)) throw damaged('a checksum');
  const headers = headersIn(bytes.subarray(PRELUDE_BYTES, payloadAt));
  return { headers, payload: bytes.subarray(payloadAt, payloadEnd), bytes };
};

/** Bytes of the frame that begins here; that of a prelude when not even that is there. */
const sizeOf = (bytes: Buffer): number => {
  if (bytes.length < PRELUDE_BYTES) return PRELUDE_BYTES;
  const size = bytes.readUInt32BE(0);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw damaged('the checksum of a beginning');
  if (size < PRELUDE_BYTES + CRC_BYTES || size > FRAME_BYTES_MAX) throw damaged(`${size} bytes`);
  return size;
};

/** The messages of a body, one by one: no more is taken from it than the next one needs. */
export async function* eventFrames(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventFrame, void, undefined> {
  let chunks: Uint8Array[] = [];
  let bytesHeld = 0;
  let bytesNeeded = PRELUDE_BYTES;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytesHeld += chunk.length;
    if (bytesHeld < bytesNeeded) continue;
    let rest = Buffer.concat(chunks);
    for (bytesNeeded = sizeOf(rest); rest.length >= bytesNeeded; bytesNeeded = sizeOf(rest)) {
      yield frameOf(rest.subarray(0, bytesNeeded));
      rest = rest.subarray(bytesNeeded);
    }
    chunks = [rest];
    bytesHeld = rest.length;
  }
  if (bytesHeld > 0) throw damaged('its end is cut off');
}
