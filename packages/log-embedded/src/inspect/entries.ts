import { dataKeyOf } from '../encrypted-frame.ts';
import { FRAME_HEADER_BYTES, type Frame } from '../frame.ts';

const ENTRY_HEADER_BYTES = 8;
/** Data key id, salt, number and tag: an encrypted payload holds them and at least one entry's header. */
const ENCRYPTED_BYTES_MIN = 16 + 16 + 8 + 16 + ENTRY_HEADER_BYTES;

export interface PlainEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** How long the entry at `offset` is; undefined when the payload does not hold it whole. */
const entryBytesAt = (payload: Buffer, offset: number): number | undefined => {
  if (payload.length - offset < ENTRY_HEADER_BYTES) return undefined;
  const bytes = ENTRY_HEADER_BYTES + payload.readUInt32LE(offset) + payload.readUInt32LE(offset + 4);
  return bytes <= payload.length - offset ? bytes : undefined;
};

const plainProblem = (payload: Buffer, count: number): string | undefined => {
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const bytes = entryBytesAt(payload, offset);
    if (bytes === undefined) return `entry ${index} of ${count} runs over the batch's end`;
    offset += bytes;
  }
  return offset === payload.length ? undefined : `${payload.length - offset} bytes behind the last entry`;
};

/** What is wrong inside a batch that passes its checksum; of an encrypted one only its form can be seen. */
export const entriesProblem = ({ bytes, count }: Frame): string | undefined => {
  const payload = bytes.subarray(FRAME_HEADER_BYTES);
  if (dataKeyOf(bytes) === undefined) return plainProblem(payload, count);
  return payload.length < ENCRYPTED_BYTES_MIN ? 'too short for an encrypted batch' : undefined;
};

/** Keys and values of a plain batch as far as they go, as views of it. */
export function* plainEntries({ bytes, count }: Frame): Generator<PlainEntry> {
  const payload = bytes.subarray(FRAME_HEADER_BYTES);
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const length = entryBytesAt(payload, offset);
    if (length === undefined) return;
    const keyStart = offset + ENTRY_HEADER_BYTES;
    const valueStart = keyStart + payload.readUInt32LE(offset);
    offset += length;
    yield { key: payload.subarray(keyStart, valueStart), value: payload.subarray(valueStart, offset) };
  }
}
