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
    const { clock, transport, settings, shardId } = this.#parts;
    try {
      this.#iterator ??= await transport.getIterator(shardId, this.#start);
      const askedMs = clock.monotonic();
      const answer = await transport.getRecords(this.#iterator, settings.readRecordsMax);
      return this.#reading(answer, clock.monotonic() - askedMs);
    } catch (error) {
      if (!isExpiredIterator(error)) throw error;
      this.#iterator = undefined;
      return undefined;
    }
  }

  /** Pauses count from call to call, as the service's limit of five a second does. */
  #reading(answer: RecordsAnswer, tookMs: number): Reading {
    const { records, nextIterator, millisBehindLatest, childShards } = answer;
    const { settings } = this.#parts;
    this.#iterator = nextIterator;
    const last = records.at(-1);
    if (last !== undefined) this.#start = { kind: 'after', sequenceNumber: last.sequenceNumber };
    const hasMore = last !== undefined || millisBehindLatest > 0;
    return {
      records,
      millisBehindLatest,
      childShards: nextIterator === undefined ? childShards : undefined,
      pauseMs: Math.max(0, (hasMore ? settings.readPauseMs : settings.idleMs) - tookMs),
    };
  }
}
