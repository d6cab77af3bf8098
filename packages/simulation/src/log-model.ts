import type { DataKeyId } from '@millrace/core';
import type { Appended, LogEntry, LogId, LogRecord } from '@millrace/log';
import { must } from './violation.ts';

/** `open`: no answer yet. `unknown`: only a restart can tell. */
export type Fate = 'open' | 'acknowledged' | 'refused' | 'unknown';

/** One call of append. Its number is in the key of each of its entries. */
export interface Attempt {
  readonly number: number;
  readonly entries: readonly LogEntry[];
  readonly dataKey: DataKeyId | undefined;
  fate: Fate;
  /** Where it came to stand and when, as soon as anybody has seen it. */
  place?: Appended;
}

/** What a call may count on, taken when it is made. */
export interface Floor {
  readonly start: number;
  readonly end: number;
}

/** One log as plainly as can be: every append in the order of the calls, and where each came to stand. */
export class LogModel {
  readonly id: LogId;
  created: Fate = 'open';
  deleted: Fate | undefined;
  /** Trims that were acknowledged, and trims that were asked for. */
  startMin = 0;
  startMax = 0;
  /** The highest end that anybody was told. */
  #toldEnd = 0;
  #attempts: Attempt[] = [];
  readonly #byNumber = new Map<string, Attempt>();
  /** Those that have a place, in order, without a gap. */
  #placed: Attempt[] = [];
  #placedEnd = 0;
  /** Those whose place is known, but not that of one before them. */
  readonly #early = new Map<Attempt, Appended>();
  /** Attempts before this one have a place or were refused. */
  #nextIndex = 0;

  constructor(id: LogId) {
    this.id = id;
  }

  get isUsable(): boolean {
    return this.created === 'acknowledged' && this.deleted === undefined;
  }

  /** Everything before it is known to be durable. */
  get end(): number {
    return this.#placedEnd;
  }

  /** The end, should all that is under way succeed. */
  get endMax(): number {
    return this.#attempts
      .slice(this.#nextIndex)
      .reduce((end, { fate, entries }) => end + (fate === 'refused' ? 0 : entries.length), this.#placedEnd);
  }

  get floor(): Floor {
    return { start: this.startMin, end: this.#placedEnd };
  }

  /** Somebody was told that the log ends here: it will never end before. */
  tellEnd(end: number): void {
    this.#toldEnd = Math.max(this.#toldEnd, end);
    this.#checkEnd();
  }

  begin(attempt: Attempt): void {
    this.#attempts.push(attempt);
    this.#byNumber.set(String(attempt.number), attempt);
  }

  acknowledge(attempt: Attempt, appended: Appended): void {
    attempt.fate = 'acknowledged';
    this.#put(attempt, appended);
  }

  refuse(attempt: Attempt): void {
    const { place } = attempt;
    must(place === undefined, 'what is refused is not there', () => `${this.id}: ${place?.first}`);
    attempt.fate = 'refused';
    this.#advance();
    this.#checkEnd();
  }

  /** Somebody has read this record: it is durable, and stands there for ever. */
  observe(record: LogRecord): void {
    const [number = '', index = ''] = record.key.split('.');
    const attempt = this.#byNumber.get(number);
    const entry = attempt?.entries[Number(index)];
    const where = (): string => `${this.id} at ${record.position}: '${record.key}'`;
    if (attempt === undefined || entry === undefined || entry.key !== record.key) {
      must(false, 'nothing is read that was not written', where);
      return;
    }
    must(Buffer.from(record.value).equals(entry.value), 'the bytes are those that were written', where);
    must(attempt.fate !== 'refused', 'what is refused is not there', where);
    must(record.encryptedWith === attempt.dataKey, 'the data key is told', where);
    const first = record.position - Number(index);
    this.#put(attempt, { first: first as never, arrivalMs: record.arrivalMs });
  }

  /** The first position at or after the start that arrived at the time or later. */
  findByTime(start: number, timestampMs: number): number {
    for (const { place, entries } of this.#placed) {
      if (place === undefined || place.arrivalMs < timestampMs) continue;
      if (place.first + entries.length > start) return Math.max(start, place.first);
    }
    return this.#placedEnd;
  }

  /** When the record at the position arrived. */
  arrivalMsAt(position: number): number | undefined {
    return this.#placed.find(({ place, entries }) => position < (place?.first ?? 0) + entries.length)?.place
      ?.arrivalMs;
  }

  /** The process is gone: who has no answer by now does not get one. */
  crash(): void {
    if (this.created === 'open') this.created = 'unknown';
    if (this.deleted === 'open') this.deleted = 'unknown';
    for (const attempt of this.#attempts) if (attempt.fate === 'open') attempt.fate = 'unknown';
  }

  /** The power went off where nothing was synced: a later part may be gone. */
  forgetFrom(end: number): void {
    const kept = this.#placed.filter(({ place }) => (place?.first ?? 0) < end);
    for (const lost of this.#placed.slice(kept.length)) lost.fate = 'refused';
    for (const [attempt, { first }] of this.#early) {
      if (first < end) continue;
      attempt.fate = 'refused';
      this.#early.delete(attempt);
    }
    this.#placed = kept;
    this.#placedEnd = Math.min(this.#placedEnd, end);
  }

  /** What a restart has brought back is what there is. */
  settle(start: number, end: number): void {
    const told = (): string => `${this.id} ends at ${end}, and ${this.#placedEnd} is known`;
    must(
      end >= this.#toldEnd,
      'the end never falls',
      () => `${this.id}: ${end}, but ${this.#toldEnd} was told`,
    );
    must(end === this.#placedEnd && this.#early.size === 0, 'an append is there whole or not at all', told);
    for (const attempt of this.#attempts) {
      attempt.fate = attempt.place === undefined ? 'refused' : 'acknowledged';
    }
    this.#attempts = this.#attempts.filter(({ place }) => place !== undefined);
    this.#nextIndex = this.#attempts.length;
    this.startMin = start;
    this.startMax = start;
    this.created = 'acknowledged';
    this.deleted = undefined;
  }

  /** A record keeps its place; one that has none yet gets it as soon as all before it have theirs. */
  #put(attempt: Attempt, place: Appended): void {
    const known = attempt.place ?? this.#early.get(attempt);
    const isSame =
      known === undefined || (known.first === place.first && known.arrivalMs === place.arrivalMs);
    must(isSame, 'a record keeps its place and its time', () => this.#where(attempt, place));
    if (attempt.place === undefined) this.#early.set(attempt, place);
    this.#advance();
  }

  #checkEnd(): void {
    const { endMax } = this;
    must(
      this.#toldEnd <= endMax,
      'the end never falls',
      () => `${this.id}: ${endMax}, but ${this.#toldEnd} was told`,
    );
  }

  /** Places are given in the order of the calls, without a gap, and once. */
  #advance(): void {
    for (
      let next = this.#attempts[this.#nextIndex];
      next !== undefined;
      next = this.#attempts[this.#nextIndex]
    ) {
      const place = this.#early.get(next);
      const isPassed = next.fate === 'refused' || (next.fate === 'unknown' && this.#isEndTaken());
      if (place === undefined && !isPassed) return;
      this.#nextIndex += 1;
      if (place === undefined) next.fate = 'refused';
      else this.#place(next, place);
    }
  }

  /** Whoever has no place yet and came before the one that stands at the end is not there. */
  #isEndTaken(): boolean {
    return this.#early.values().some(({ first }) => first === this.#placedEnd);
  }

  #place(attempt: Attempt, place: Appended): void {
    const newest = this.#placed.at(-1)?.place?.arrivalMs ?? 0;
    const where = (): string => `${this.#where(attempt, place)}, end ${this.#placedEnd}, newest ${newest}`;
    must(place.first === this.#placedEnd, 'positions are dense, in the order of the calls', where);
    must(place.arrivalMs >= newest, 'time never falls within a log', where);
    this.#early.delete(attempt);
    attempt.place = place;
    this.#placed.push(attempt);
    this.#placedEnd += attempt.entries.length;
  }

  #where({ number }: Attempt, { first, arrivalMs }: Appended): string {
    return `${this.id}: append ${number} at ${first}, ${arrivalMs}`;
  }
}
