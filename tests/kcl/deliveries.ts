import assert from 'node:assert/strict';
import {
  type InitializedEvent,
  isOfShard,
  isRecord,
  type KclEvent,
  type Place,
  type RecordEvent,
} from './kcl-event.ts';
import type { Written } from './written-stream.ts';

/** What was put into each shard. */
interface Ledger {
  readonly shards: readonly string[];
  of(shard: string): readonly Written[];
}

/** A shard in the hands of a worker, from when it was given it. */
interface Session {
  readonly start: InitializedEvent;
  readonly records: RecordEvent[];
}

const isNumber = ({ sequenceNumber }: Place): boolean => /^\d+$/.test(sequenceNumber);

const isBefore = (a: Place, b: Place): boolean => {
  const [first, second] = [BigInt(a.sequenceNumber), BigInt(b.sequenceNumber)];
  return first === second ? a.subSequenceNumber < b.subSequenceNumber : first < second;
};

const idOf = (shard: string, { sequenceNumber, subSequenceNumber }: Place): string =>
  `${shard} ${sequenceNumber} ${subSequenceNumber}`;

const sessionsOf = (events: readonly KclEvent[]): readonly Session[] => {
  const all: Session[] = [];
  const open = new Map<string, Session>();
  for (const event of events.filter(isOfShard)) {
    const holder = `${event.worker} ${event.shard}`;
    if (event.kind === 'initialized') {
      const session = { start: event, records: [] };
      all.push(session);
      open.set(holder, session);
    } else if (event.kind === 'record') open.get(holder)?.records.push(event);
  }
  return all;
};

/** All that workers of one application told, in the order of the clock, against what was written. */
export class Deliveries {
  readonly #events: readonly KclEvent[];
  /** The first time that each record came, in the order in which they came. */
  readonly #firstTimes = new Map<string, RecordEvent>();

  constructor(events: readonly KclEvent[]) {
    this.#events = events;
    for (const record of events.filter(isRecord)) {
      const id = idOf(record.shard, record);
      if (!this.#firstTimes.has(id)) this.#firstTimes.set(id, record);
    }
  }

  get records(): number {
    return this.#firstTimes.size;
  }

  get repeated(): number {
    return this.#events.filter(isRecord).length - this.records;
  }

  missing(stream: Ledger): readonly Written[] {
    return stream.shards.flatMap((shard) =>
      stream.of(shard).filter((written) => this.#firstTimes.get(idOf(shard, written))?.data !== written.data),
    );
  }

  /** Nothing but what was written, in the order of the shard, from behind the checkpoint on. */
  checkSessions(stream: Ledger): void {
    const written = new Set(
      stream.shards.flatMap((shard) => stream.of(shard).map((record) => idOf(shard, record))),
    );
    for (const { start, records } of sessionsOf(this.#events)) {
      let last: Place = start;
      for (const record of records) {
        assert.ok(written.has(idOf(record.shard, record)), `${JSON.stringify(record)} was written`);
        if (isNumber(last))
          assert.ok(isBefore(last, record), `${record.worker}: ${record.sequenceNumber} follows`);
        last = record;
      }
    }
  }

  /** What comes again after a worker's death does not count: the first time does. */
  checkOrderOfKeys(): void {
    const byKey = Map.groupBy(this.#firstTimes.values(), ({ key }) => key);
    for (const [key, records] of byKey) {
      const rounds = records.map(({ data }) => Number(data.split(':')[1]));
      assert.deepEqual(
        rounds,
        Array.from(rounds, (_, index) => index),
        `the order of ${key}`,
      );
    }
  }

  /** No shard begins before each of its parents was told to be at its end. */
  checkParentsFirst(parents: ReadonlyMap<string, readonly string[]>): void {
    const ended = new Set<string>();
    for (const event of this.#events.filter(isOfShard)) {
      if (event.kind === 'shardEnded') ended.add(event.shard);
      if (event.kind !== 'initialized') continue;
      const early = parents.get(event.shard)?.filter((parent) => !ended.has(parent)) ?? [];
      assert.deepEqual(early, [], `parents of ${event.shard} that are not at their end`);
    }
  }
}
