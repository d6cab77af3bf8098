import assert from 'node:assert/strict';
import type { LogRecord, ReadLimits } from '@millrace/log';
import type { RecordSink } from './entries.ts';

/** Collects records up to the limits of a read; the first is taken whatever its size. */
export class RecordCollector implements RecordSink {
  readonly records: LogRecord[] = [];
  readonly #limits: ReadLimits;
  #bytes = 0;

  constructor(limits: ReadLimits) {
    assert(limits.records >= 1, `a read of ${limits.records} records`);
    this.#limits = limits;
  }

  /** Bytes that may still come. */
  get bytesLeft(): number {
    return Math.max(0, this.#limits.bytes - this.#bytes);
  }

  get isFull(): boolean {
    return this.records.length > 0 && (this.records.length >= this.#limits.records || this.bytesLeft === 0);
  }

  /** Whether so many more are likely to be enough. */
  isFilledBy(records: number, bytes: number): boolean {
    return this.records.length + records >= this.#limits.records || bytes >= this.bytesLeft;
  }

  fits(bytes: number): boolean {
    if (this.records.length === 0) return true;
    return this.records.length < this.#limits.records && bytes <= this.bytesLeft;
  }

  take(record: LogRecord, bytes: number): void {
    this.records.push(record);
    this.#bytes += bytes;
  }
}
