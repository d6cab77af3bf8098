import { type Position, positionOf } from '@millrace/core';
import type { RecordId } from './change.ts';

export interface LiveRecord<Record> {
  readonly record: Record;
  /** Of the write that put it. */
  readonly position: Position;
  /** Its share of that write, about. */
  readonly bytes: number;
}

/** What the log says in the end: the newest record of every id, those that were written longest ago first. */
export class LiveRecords<Record> {
  /** A map keeps the order in which its keys came. */
  readonly #records = new Map<RecordId, LiveRecord<Record>>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** The position of the oldest; the one given when there is none. */
  oldest(otherwise: Position): Position {
    const [first] = this.#records.values();
    return first?.position ?? positionOf(otherwise);
  }

  get(id: RecordId): Record | undefined {
    return this.#records.get(id)?.record;
  }

  put(id: RecordId, live: LiveRecord<Record>): void {
    this.delete(id);
    this.#records.set(id, live);
    this.#bytes += live.bytes;
  }

  delete(id: RecordId): void {
    this.#bytes -= this.#records.get(id)?.bytes ?? 0;
    this.#records.delete(id);
  }

  entries(): Iterable<[RecordId, LiveRecord<Record>]> {
    return this.#records;
  }
}
