import { type DataKeyId, positionOf } from '@millrace/core';
import { LogError, type LogRecord } from '@millrace/log';
import { type Batch, ENTRY_HEADER_BYTES, endOf } from './batch.ts';
import { FRAME_HEADER_BYTES } from './frame.ts';

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
