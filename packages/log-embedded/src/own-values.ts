import type { LogRecord } from '@millrace/log';

/** Moves the values, all into one piece of new memory: the old one may be used again when it must. */
export const withOwnValues = (records: LogRecord[]): void => {
  let bytes = 0;
  for (const { value } of records) bytes += value.length;
  const memory = new ArrayBuffer(bytes);
  const all = new Uint8Array(memory);
  let offset = 0;
  for (const [index, record] of records.entries()) {
    const { length } = record.value;
    all.set(record.value, offset);
    records[index] = { ...record, value: new Uint8Array(memory, offset, length) };
    offset += length;
  }
};
