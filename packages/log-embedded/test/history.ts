import assert from 'node:assert/strict';
import { type LogEngine, LogError, type LogId } from '@millrace/log';
import { readAll } from '@millrace/log/conformance';

type Fate = 'open' | 'acknowledged' | 'refused' | 'unknown';

interface Attempt {
  readonly texts: readonly string[];
  fate: Fate;
}

/** These promise that nothing happened. Anything else leaves the fate open until the restart. */
const REFUSALS: ReadonlySet<string> = new Set(['full', 'overloaded', 'too-large', 'no-such-log']);

const fateOf = (error: unknown): Fate =>
  error instanceof LogError && REFUSALS.has(error.code) ? 'refused' : 'unknown';

/** What was asked of one log and what was answered, kept as simply as can be; and what may be there by that. */
export class LogHistory {
  readonly id: LogId;
  #attempts: Attempt[] = [];
  #created: Fate = 'open';
  #deleted: Fate | undefined;
  /** Trims: asked for at the most, and acknowledged. */
  #startMax = 0;
  #startMin = 0;
  /** A reader has seen everything before it. */
  #seenEnd = 0;

  constructor(id: LogId) {
    this.id = id;
  }

  get isUsable(): boolean {
    return this.#created === 'acknowledged' && this.#deleted === undefined;
  }

  get acknowledgedEnd(): number {
    return this.#positions((fate) => fate === 'acknowledged');
  }

  async create(engine: LogEngine): Promise<void> {
    this.#created = await engine.create(this.id).then(() => 'acknowledged', fateOf);
  }

  async delete(engine: LogEngine): Promise<void> {
    this.#deleted = 'open';
    this.#deleted = await engine.delete(this.id).then(() => 'acknowledged', fateOf);
  }

  async append(engine: LogEngine, texts: readonly string[]): Promise<void> {
    const attempt: Attempt = { texts, fate: 'open' };
    this.#attempts.push(attempt);
    try {
      const entries = texts.map((text) => ({ key: text.slice(0, 3), value: Buffer.from(text) }));
      const { first } = await engine.append(this.id, entries);
      attempt.fate = 'acknowledged';
      assert.equal(first, this.acknowledgedEnd - texts.length, 'positions are given in order');
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      attempt.fate = fateOf(error);
    }
  }

  async trim(engine: LogEngine, before: number): Promise<void> {
    const asked = Math.min(before, this.acknowledgedEnd);
    this.#startMax = Math.max(this.#startMax, asked);
    const done = await engine.trim(this.id, before as never).then(
      () => true,
      () => false,
    );
    if (done) this.#startMin = Math.max(this.#startMin, asked);
  }

  /** Reads along while the store is running. Trouble of the disk is no matter here; wrong data is. */
  async look(engine: LogEngine): Promise<void> {
    try {
      for (const { position, value } of await readAll(engine, this.id)) {
        assert.equal(Buffer.from(value).toString(), this.#texts()[position]);
        this.#seenEnd = Math.max(this.#seenEnd, position + 1);
      }
    } catch (error) {
      if (!(error instanceof LogError) || error.code === 'corrupt') throw error;
    }
  }

  /** Compares with what a restart has brought back, and takes that for the truth. False when the log is gone. */
  async settle(engine: LogEngine, isThere: boolean): Promise<boolean> {
    if (!isThere) {
      assert.ok(this.#created !== 'acknowledged' || this.#deleted !== undefined, `${this.id} is lost`);
      return false;
    }
    assert.notEqual(this.#created, 'refused', `${this.id} was refused and is there`);
    assert.notEqual(this.#deleted, 'acknowledged', `${this.id} was deleted and is there`);
    const { start, end } = await engine.bounds(this.id);
    assert.ok(start >= this.#startMin, `${this.id} starts at ${start}, trimmed to ${this.#startMin}`);
    const startMax = this.#deleted === undefined ? this.#startMax : this.acknowledgedEnd;
    assert.ok(start <= startMax, `${this.id} starts at ${start}, trimmed to ${startMax} at the most`);
    assert.ok(end >= this.acknowledgedEnd, `${this.id} ends at ${end}, not ${this.acknowledgedEnd}`);
    assert.ok(end >= this.#seenEnd, `${this.id} ends at ${end}, but readers saw ${this.#seenEnd}`);
    const texts = this.#texts();
    const records = await readAll(engine, this.id);
    for (const { position, value } of records) {
      assert.equal(Buffer.from(value).toString(), texts[position], `${this.id} at ${position}`);
    }
    for (const { arrivalMs } of [...records.slice(0, 1), ...records.slice(-2)]) {
      for (const timestampMs of [arrivalMs, arrivalMs + 1]) {
        const expected = records.find((record) => record.arrivalMs >= timestampMs)?.position ?? end;
        assert.equal(await engine.findByTime(this.id, timestampMs), expected);
      }
    }
    this.#decide(end);
    this.#startMin = start;
    this.#startMax = start;
    this.#created = 'acknowledged';
    this.#deleted = undefined;
    return true;
  }

  /** What is or may be there, by position. */
  #texts(): string[] {
    return this.#attempts.filter(({ fate }) => fate !== 'refused').flatMap(({ texts }) => texts);
  }

  #positions(counts: (fate: Fate) => boolean): number {
    return this.#attempts.reduce((sum, { fate, texts }) => sum + (counts(fate) ? texts.length : 0), 0);
  }

  /** Every append is there whole or not at all, and none that is there stands behind one that is not. */
  #decide(end: number): void {
    let position = 0;
    for (const attempt of this.#attempts.filter(({ fate }) => fate !== 'refused')) {
      position += attempt.texts.length;
      attempt.fate = position <= end ? 'acknowledged' : 'refused';
    }
    assert.equal(this.acknowledgedEnd, end, `${this.id}: the end cuts an append in two`);
  }
}
