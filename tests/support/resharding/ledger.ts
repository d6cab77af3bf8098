import assert from 'node:assert/strict';
import type { Received } from './follower.ts';

/** A record names its key and its number among the records of that key: `producer 1 key 7:42`. */
export const textOf = (key: string, number: number): string => `${key}:${number}`;

const expectNone = (wrong: readonly unknown[], what: string): void =>
  assert.equal(wrong.length, 0, `${what}: ${wrong.length}, such as ${JSON.stringify(wrong.slice(0, 5))}`);

/** What the producers know of their records. */
export class Ledger {
  /** Texts by shard and sequence number. */
  readonly #acknowledged = new Map<string, string>();
  /** Sent again because no answer came: they may be there a second time, under a number that nobody was told. */
  readonly #uncertain = new Set<string>();

  get size(): number {
    return this.#acknowledged.size;
  }

  acknowledge(place: string, text: string): void {
    const other = this.#acknowledged.get(place);
    assert.equal(other, undefined, `${place} was given to ${other} and to ${text}`);
    this.#acknowledged.set(place, text);
  }

  doubt(text: string): void {
    this.#uncertain.add(text);
  }

  /** Every acknowledged record came, once and where it was said to be, and the records of each key in order. */
  check(consumer: string, received: readonly Received[]): void {
    const texts = new Map<string, string>();
    for (const { place, text } of received) {
      assert.equal(texts.get(place), undefined, `${consumer}: ${place} was delivered twice`);
      texts.set(place, text);
    }
    const lost = [...this.#acknowledged].filter(([place, text]) => texts.get(place) !== text);
    expectNone(lost, `${consumer}: acknowledged, and lost or changed`);
    const unknown = received.filter(
      ({ place, text }) => !this.#acknowledged.has(place) && !this.#uncertain.has(text),
    );
    expectNone(unknown, `${consumer}: delivered, but never sent or refused`);
    const kept = received.filter(({ place }) => this.#acknowledged.has(place));
    for (const [key, records] of Map.groupBy(kept, (record) => record.key)) {
      const wrong = records.filter(({ text }, index) => text !== textOf(key, index));
      expectNone(wrong, `${consumer}: order of ${key}`);
    }
  }
}
