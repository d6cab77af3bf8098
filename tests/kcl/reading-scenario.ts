import { type InitializedEvent, isInitialized, isRecord, type Place } from './kcl-event.ts';
import type { KclProcess } from './kcl-process.ts';
import type { LeaseTable } from './lease-table.ts';
import { until } from './poll.ts';
import type { Mode } from './worker-options.ts';
import type { World } from './world.ts';
import type { Written, WrittenStream } from './written-stream.ts';

export const FIRST = 'shardId-000000000000';
export const SECOND = 'shardId-000000000001';
const PLAIN_RECORDS = 30;
const AGGREGATED = ['one', 'two', 'three', 'four', 'five'];
/** In the middle of an aggregate. */
const LAST_TEXT = `${FIRST}:three`;

/** One application in one mode: its first worker stops inside an aggregate, its second goes on. */
export class ReadingScenario {
  readonly mode: Mode;
  readonly stream: WrittenStream;
  readonly application: string;
  readonly first: string;
  readonly second: string;
  readonly leases: LeaseTable;
  readonly #world: World;
  readonly #process: KclProcess;

  constructor(world: World, process: KclProcess, mode: Mode) {
    this.mode = mode;
    this.#world = world;
    this.#process = process;
    this.stream = world.stream(mode);
    this.application = `${mode}-application`;
    this.first = `${mode}-first`;
    this.second = `${mode}-second`;
    this.leases = world.leases(this.application);
  }

  async #putPlain(what: string): Promise<void> {
    for (let number = 0; number < PLAIN_RECORDS; number++)
      await this.stream.put({ key: `key ${number}`, data: `${what} ${number}` });
  }

  async write(): Promise<void> {
    await this.#putPlain('before');
    for (const shard of [FIRST, SECOND]) {
      const users = AGGREGATED.map((text) => ({ key: `aggregated ${text}`, data: `${shard}:${text}` }));
      await this.stream.putAggregate(shard, users);
    }
    await this.#putPlain('after');
  }

  /** What the first worker should see of the first shard before it stops there. */
  get firstHalf(): readonly Written[] {
    const all = this.stream.of(FIRST);
    return all.slice(0, all.findIndex(({ data }) => data === LAST_TEXT) + 1);
  }

  get secondHalf(): readonly Written[] {
    return this.stream.of(FIRST).slice(this.firstHalf.length);
  }

  #begin(worker: string, options: { readonly lastText?: string } = {}): void {
    const { application, mode, stream } = this;
    this.#process.startWorker({ worker, application, stream: stream.name, mode, ...options });
  }

  async readFirstHalf(): Promise<void> {
    this.#begin(this.first, { lastText: LAST_TEXT });
    const isRead = () =>
      this.#world.has(this.first, 'checkpointed') &&
      this.seenBy(this.first, SECOND).length >= this.stream.of(SECOND).length;
    await until(`${this.first} reads half`, isRead);
  }

  async readSecondHalf(): Promise<void> {
    this.#begin(this.second);
    const isRead = () => this.seenBy(this.second, FIRST).length >= this.secondHalf.length;
    await until(`${this.second} reads the rest`, isRead);
  }

  async stop(worker: string): Promise<void> {
    this.#process.stopWorker(worker);
    await until(`${worker} stops`, () => this.#world.has(worker, 'stopped'));
  }

  /** Where a worker was told to begin. */
  beginningOf(worker: string, shard: string): Place | undefined {
    const found = this.#world
      .eventsOf(worker)
      .find((event): event is InitializedEvent => isInitialized(event) && event.shard === shard);
    return found && { sequenceNumber: found.sequenceNumber, subSequenceNumber: found.subSequenceNumber };
  }

  seenBy(worker: string, shard: string): Written[] {
    return this.#world
      .eventsOf(worker)
      .filter(isRecord)
      .filter((record) => record.shard === shard)
      .map(({ sequenceNumber, subSequenceNumber, key, data }) => ({
        sequenceNumber,
        subSequenceNumber,
        key,
        data,
      }));
  }
}
