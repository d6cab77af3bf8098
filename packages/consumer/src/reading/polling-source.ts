import { isExpiredIterator } from '../errors.ts';
import type { Reading, RecordSource, RecordSourceParts } from './record-source.ts';
import type { IteratorStart, RecordsAnswer } from './transport.ts';

/** Asks again and again: GetRecords. */
export class PollingSource implements RecordSource {
  readonly #parts: RecordSourceParts;
  #start: IteratorStart;
  #iterator: string | undefined;

  constructor(parts: RecordSourceParts) {
    this.#parts = parts;
    this.#start = parts.start;
  }

  async read(): Promise<Reading | undefined> {
    const { transport, settings, shardId } = this.#parts;
    try {
      this.#iterator ??= await transport.getIterator(shardId, this.#start);
      return this.#reading(await transport.getRecords(this.#iterator, settings.readRecordsMax));
    } catch (error) {
      if (!isExpiredIterator(error)) throw error;
      this.#iterator = undefined;
      return undefined;
    }
  }

  #reading({ records, nextIterator, millisBehindLatest, childShards }: RecordsAnswer): Reading {
    const { settings } = this.#parts;
    this.#iterator = nextIterator;
    const last = records.at(-1);
    if (last !== undefined) this.#start = { kind: 'after', sequenceNumber: last.sequenceNumber };
    const hasMore = last !== undefined || millisBehindLatest > 0;
    return {
      records,
      millisBehindLatest,
      childShards: nextIterator === undefined ? childShards : undefined,
      pauseMs: hasMore ? settings.readPauseMs : settings.idleMs,
    };
  }
}
