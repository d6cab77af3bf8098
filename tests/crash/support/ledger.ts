import assert from 'node:assert/strict';
import { parseSequenceNumber } from '@millrace/core';
import { idIn, requestOf } from './payload.ts';

/** What was sent in one request under one key: one append, so it is there whole or not at all. */
export interface Unit {
  readonly ids: readonly string[];
  /** Refused with an answer: it must never be there. Undefined while nobody knows. */
  outcome?: 'acknowledged' | 'refused';
}

export interface StoredRecord {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  readonly Data: string;
}

export interface Shard {
  readonly stream: string;
  readonly id: string;
}

/** One shard as its readers have seen it: a record that was read once stays, and stays where it is. */
class Seen {
  readonly ids: string[] = [];
  readonly #lastRequests = new Map<string, number>();

  add(id: string): void {
    const { writer, request } = requestOf(id);
    const last = this.#lastRequests.get(writer) ?? -1;
    assert.ok(request >= last, `${id} stands behind request ${last} of its writer`);
    this.#lastRequests.set(writer, request);
    this.ids.push(id);
  }
}

const positionIn = (sequenceNumber: string): number => {
  const parts = parseSequenceNumber(sequenceNumber);
  assert.ok(parts, `${sequenceNumber} is no sequence number`);
  return Number(parts.counter) - 1;
};

/** Everything that the writers know, and what readers found of it. */
export class Ledger {
  readonly #units = new Map<string, Unit>();
  /** `stream shard position`, for each acknowledged record. */
  readonly #places = new Map<string, string>();
  readonly #seen = new Map<string, Seen>();
  readonly #found = new Set<string>();
  #unchecked = new Set<Unit>();
  #awaited: { readonly count: number; readonly resolve: () => void } | undefined;

  get acknowledgedCount(): number {
    return this.#places.size;
  }

  get foundCount(): number {
    return this.#found.size;
  }

  /** Units that were throttled. */
  get refusedCount(): number {
    return new Set([...this.#units.values()].filter(({ outcome }) => outcome === 'refused')).size;
  }

  send(unit: Unit): void {
    for (const id of unit.ids) this.#units.set(id, unit);
    this.#unchecked.add(unit);
  }

  acknowledge(stream: string, shard: string, sequenceNumber: string, id: string): void {
    const place = `${stream} ${shard} ${positionIn(sequenceNumber)}`;
    assert.equal(this.#places.get(place), undefined, `${place} was given twice`);
    this.#places.set(place, id);
    if (this.#places.size >= (this.#awaited?.count ?? Number.POSITIVE_INFINITY)) this.#awaited?.resolve();
  }

  /** Resolves once so many more records are acknowledged. */
  more(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited = { count: this.#places.size + count, resolve };
    return promise;
  }

  /** Takes records of a shard that come next after those seen before. */
  read({ stream, id: shard }: Shard, records: readonly StoredRecord[]): void {
    const seen = this.#seenOf(stream, shard);
    for (const { SequenceNumber, PartitionKey, Data } of records) {
      const position = positionIn(SequenceNumber);
      assert.equal(position, seen.ids.length, `${stream} ${shard}: the next position`);
      const id = idIn(Buffer.from(Data, 'base64'));
      assert.ok(id !== undefined, `${stream} ${shard} ${position}: data that nobody sent`);
      assert.ok(this.#units.has(id), `${id} was never sent`);
      assert.ok(!this.#found.has(id), `${id} is there twice`);
      assert.equal(PartitionKey, id.split('/', 1)[0], `${id}: its key`);
      this.#found.add(id);
      seen.add(id);
    }
  }

  /** Everything is read: what was acknowledged is where it was said to be, and the rest is whole or absent. */
  check(): void {
    for (const unit of this.#unchecked) {
      const found = unit.ids.filter((id) => this.#found.has(id)).length;
      if (unit.outcome === 'acknowledged') assert.equal(found, unit.ids.length, `${unit.ids}: acknowledged`);
      if (unit.outcome === 'refused') assert.equal(found, 0, `${unit.ids}: refused`);
      assert.ok(found === 0 || found === unit.ids.length, `${unit.ids}: in part`);
    }
    this.#unchecked = new Set();
    for (const [place, id] of this.#places) {
      const [stream = '', shard = '', position] = place.split(' ');
      assert.equal(this.#seenOf(stream, shard).ids[Number(position)], id, place);
    }
  }

  /** Reads the shard again from its beginning: it must be as it was seen. */
  compare({ stream, id: shard }: Shard, records: readonly StoredRecord[], from: number): void {
    const { ids } = this.#seenOf(stream, shard);
    for (const [index, { Data }] of records.entries()) {
      assert.equal(
        idIn(Buffer.from(Data, 'base64')),
        ids[from + index],
        `${stream} ${shard} ${from + index}`,
      );
    }
  }

  countIn({ stream, id }: Shard): number {
    return this.#seenOf(stream, id).ids.length;
  }

  #seenOf(stream: string, shard: string): Seen {
    const name = `${stream} ${shard}`;
    const known = this.#seen.get(name);
    if (known !== undefined) return known;
    const seen = new Seen();
    this.#seen.set(name, seen);
    return seen;
  }
}
