import assert from 'node:assert/strict';
import { type DataKeyId, positionOf } from '@millrace/core';
import { APPEND_BYTES_MAX, APPEND_ENTRIES_MAX, type LogEntry, LogError, type LogRecord } from '@millrace/log';
import { FRAME_HEADER_BYTES, FRAME_KINDS, newFrame } from './frame.ts';

/** Before each entry: u32 key bytes, u32 value bytes. Then the key in UTF-8, then the value. */
const ENTRY_HEADER_BYTES = 8;

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
export const encodeEntries = (entries: readonly LogEntry[]): Buffer => {
  assert(entries.length > 0, 'an append holds at least one entry');
  const dataBytes = dataBytesOf(entries);
  if (entries.length > APPEND_ENTRIES_MAX || dataBytes > APPEND_BYTES_MAX) {
    throw new LogError('too-large', `an append of ${entries.length} entries and ${dataBytes} bytes`);
  }
  const payloadBytes = dataBytes + entries.length * ENTRY_HEADER_BYTES;
  const frame = newFrame(FRAME_KINDS.append, payloadBytes, entries.length);
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

/** Takes records until it has enough. */
export interface RecordSink {
  /** `bytes` are those of key and value. */
  fits(bytes: number): boolean;
  take(record: LogRecord, bytes: number): void;
}

/** What an encrypted batch holds. */
export interface Decrypted {
  readonly key: DataKeyId;
  readonly payload: Buffer;
}

/** Hands over the batch's records from `from` on, as views of its bytes. False when the sink had enough. */
export const readEntries = (batch: Batch, from: number, sink: RecordSink, decrypted?: Decrypted): boolean => {
  const { arrivalMs } = batch;
  const bytes = decrypted?.payload ?? batch.bytes;
  const encryptedWith = decrypted?.key;
  let offset = decrypted === undefined ? FRAME_HEADER_BYTES : 0;
  for (let position = batch.position; position < endOf(batch); position++) {
    const keyStart = offset + ENTRY_HEADER_BYTES;
    if (keyStart > bytes.length) throw overrun(batch);
    const keyBytes = bytes.readUInt32LE(offset);
    const valueStart = keyStart + keyBytes;
    offset = valueStart + bytes.readUInt32LE(keyStart - 4);
    if (offset > bytes.length) throw overrun(batch);
    if (position < from) continue;
    if (!sink.fits(offset - keyStart)) return false;
    const key = bytes.toString('utf8', keyStart, valueStart);
    // A plain array of bytes: a Buffer takes longer to make, and readers are promised no more.
    const value = new Uint8Array(bytes.buffer, bytes.byteOffset + valueStart, offset - valueStart);
    const record = { position: positionOf(position), arrivalMs, key, value };
    sink.take(encryptedWith === undefined ? record : { ...record, encryptedWith }, offset - keyStart);
  }
  return true;
};

const overrun = (batch: Batch): LogError =>
  new LogError('corrupt', `the entries of the batch at position ${batch.position} run over its end`);
