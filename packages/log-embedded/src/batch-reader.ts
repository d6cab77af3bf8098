import type { BatchCipher } from '@millrace/log';
import type { Batch } from './batch.ts';
import { dataKeyOf, decryptPayload } from './encrypted-frame.ts';
import { type RecordSink, readEntries } from './entries.ts';

/** Takes batches apart for readers. Asks for the key of every encrypted one, though its plain text be at hand. */
export class BatchReader {
  readonly #cipher: BatchCipher;

  constructor(cipher: BatchCipher) {
    this.#cipher = cipher;
  }

  /** The batch's records from `from` on. False when the sink had enough. */
  read(batch: Batch, from: number, sink: RecordSink): boolean {
    const key = dataKeyOf(batch.bytes);
    if (key === undefined) return readEntries(batch, from, sink);
    if (batch.plain !== undefined) this.#cipher.require(key);
    const payload = batch.plain ?? decryptPayload(batch.bytes, key, this.#cipher);
    return readEntries(batch, from, sink, { key, payload });
  }
}
