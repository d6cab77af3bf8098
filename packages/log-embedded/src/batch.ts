import assert from 'node:assert/strict';
import { APPEND_BYTES_MAX, APPEND_ENTRIES_MAX, type LogEntry, LogError } from '@millrace/log';
import { type Allocate, FRAME_HEADER_BYTES, FRAME_KINDS, newFrame } from './frame.ts';

/** Before each entry: u32 key bytes, u32 value bytes. Then the key in UTF-8, then the value. */
export const ENTRY_HEADER_BYTES = 8;

/** One append: the same bytes in the journal, in a segment and in memory. */
export interface Batch {
  /** Of the first entry. */
  readonly position: number;
  readonly count: number;
  readonly arrivalMs: number;
  readonly bytes: Buffer;
  /** The payload as it was before it was encrypted, while it is still at hand. */
  readonly plain?: Buffer | undefined;
}

/** The position after the last entry. */
export const endOf = (batch: Batch): number => batch.position + batch.count;

const dataBytesOf = (entries: readonly LogEntry[]): number => {
  let total = 0;
  for (const { key, value } of entries) total += Buffer.byteLength(key) + value.length;
  return total;
};

/** An unsealed frame that holds the entries: the one copy that is made of them. */
export const encodeEntries = (entries: readonly LogEntry[], allocate?: Allocate): Buffer => {
  const dataBytes = dataBytesOf(entries);
  if (entries.length > APPEND_ENTRIES_MAX || dataBytes > APPEND_BYTES_MAX) {
    throw new LogError('too-large', `an append of ${entries.length} entries and ${dataBytes} bytes`);
  }
  const payloadBytes = dataBytes + entries.length * ENTRY_HEADER_BYTES;
  const frame = newFrame(FRAME_KINDS.append, payloadBytes, { count: entries.length, allocate });
  let offset = FRAME_HEADER_BYTES;
  for (const entry of entries) offset = writeEntry(frame, entry, offset);
  assert.equal(offset, frame.length);
  return frame;
};

const writeEntry = (target: Buffer, { key, value }: LogEntry, offset: number): number => {
  const keyStart = offset + ENTRY_HEADER_BYTES;
  const keyBytes = target.write(key, keyStart);
  target.writeUInt32LE(keyBytes, offset);
  target.writeUInt32LE(value.length, offset + 4);
  target.set(value, keyStart + keyBytes);
  return keyStart + keyBytes + value.length;
};
