import type { Stream } from '@millrace/catalog';
import { invalidOrderingNumber, recordTooLarge } from './errors.ts';
import { readSequenceNumber } from './sequence-numbers.ts';

/** What counts towards every limit: data and partition key. */
export const recordBytes = (partitionKey: string, data: Uint8Array): number =>
  Buffer.byteLength(partitionKey) + data.length;

export const checkRecordSize = (bytes: number, stream: Stream): void => {
  if (bytes > stream.maxRecordBytes) throw recordTooLarge(bytes, stream.maxRecordBytes, stream);
};

/**
 * That the new record comes after the one with this number needs no work: positions only rise. A number that
 * nobody can have got yet is refused.
 */
export const checkOrderingNumber = (text: string, stream: Stream, nowMs: number): void => {
  const origin = readSequenceNumber(text);
  const arrivalSeconds = origin && 'arrivalSeconds' in origin ? origin.arrivalSeconds : 0;
  if (origin === undefined || arrivalSeconds * 1000 > nowMs) throw invalidOrderingNumber(text, stream);
};
