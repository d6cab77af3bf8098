import { type Position, positionOf } from '@millrace/core';
import { APPEND_BYTES_MAX, type LogEngine, LogError, type LogId } from '@millrace/log';
import type { Change, RecordCodec, RecordId } from './change.ts';
import { decodeWrite, encodeWrite } from './entry.ts';
import { LiveRecords } from './live-records.ts';
import { LogExtent } from './log-extent.ts';

const READ_LIMITS = { records: 4_096, bytes: 8 * 1024 * 1024 };
/** Writes that become durable together. */
const GROUP_WRITES_MAX = 2_048;
const GROUP_BYTES_MAX = APPEND_BYTES_MAX / 2;
/** Writes that wait for their turn; more are refused. */
const QUEUE_WRITES_MAX = 10_000;
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
/** All records, as they are stored: they are in memory too. */
const STORE_BYTES_MAX = 1024 ** 3;

interface Write<Record> extends PromiseWithResolvers<void> {
  readonly changes: readonly Change<Record>[];
  readonly value: Uint8Array;
}

interface PendingChange<Record> {
  readonly record: Record | undefined;
  readonly by: Write<Record>;
}

export interface RecordLogOptions<Record> {
  readonly engine: LogEngine;
  readonly log: LogId;
  readonly codec: RecordCodec<Record>;
  /** Called for every change that has become durable, in their order; must not throw. */
  readonly onChange: (change: Change<Record>) => void;
}

/**
 * Records by id, in memory and in a log. The log is the whole store: what it says last of an id is true.
 *
 * A write is decided on by who calls, who looks at `newest` and writes in the same turn of the event loop; so all
 * writes have one order, which is the log's. They become durable in groups, one group at a time: what arrives while a
 * group is being appended makes up the next one. `get` shows what is durable.
 *
 * When a group cannot be appended, everything that waits goes with it, because it may have been decided on in the
 * belief that the group was there: all of these writes are rejected, and nothing of them is in the log.
 */
export class RecordLog<Record> {
  readonly #options: RecordLogOptions<Record>;
  readonly #live = new LiveRecords<Record>();
  readonly #extent = new LogExtent();
  readonly #pending = new Map<RecordId, PendingChange<Record>>();
  #queue: Write<Record>[] = [];
  #queueBytes = 0;
  /** The write that was taken in last, while it is not durable. */
  #last: Write<Record> | undefined;
  #isAppending = false;
  #appending: Promise<void> = Promise.resolve();
  #end = positionOf(0);
  /** Why nothing can be written any more. */
  #stopped: LogError | undefined;

  constructor(options: RecordLogOptions<Record>) {
    this.#options = options;
  }

  /** Reads the log from its start; answers all records, in the order in which they were written. */
  async open(): Promise<readonly (readonly [RecordId, Record])[]> {
    const { engine, log } = this.#options;
    await engine.create(log);
    for (let from = positionOf(0); ; ) {
      const { records, next } = await engine.read(log, from, READ_LIMITS);
      for (const { position, value } of records) {
        this.#replace(decodeWrite(value, this.#options.codec), position, value.length);
      }
      from = next;
      this.#end = next;
      if (records.length === 0) break;
    }
    return [...this.#live.entries()].map(([id, { record }]) => [id, record] as const);
  }

  /** Durable. */
  get(id: RecordId): Record | undefined {
    return this.#live.get(id);
  }

  /** As the next write will find it. */
  newest(id: RecordId): Record | undefined {
    const pending = this.#pending.get(id);
    return pending === undefined ? this.#live.get(id) : pending.record;
  }

  get liveBytes(): number {
    return this.#live.bytes;
  }

  get logBytes(): number {
    return this.#extent.bytes;
  }

  /** Takes the changes in at once; resolves when they are durable and `get` shows them. */
  async write(changes: readonly Change<Record>[]): Promise<void> {
    if (changes.length === 0) return this.settled();
    const value = encodeWrite(changes, this.#options.codec);
    this.#checkRoom(changes, value.length);
    const write = { changes, value, ...Promise.withResolvers<void>() };
    for (const { id, record } of changes) this.#pending.set(id, { record, by: write });
    this.#queue.push(write);
    this.#queueBytes += value.length;
    this.#last = write;
    if (!this.#isAppending) this.#appending = this.#appendAll();
    return write.promise;
  }

  /**
   * Resolves when all that `newest` showed at the time of the call is durable: for answers that tell of it without
   * writing. Rejects when it was taken back.
   */
  settled(): Promise<void> {
    return this.#last?.promise ?? Promise.resolve();
  }

  /** The records that were written longest ago, no more than the bytes given, without those that are being written. */
  oldest(bytesMax: number): readonly Change<Record>[] {
    const changes: Change<Record>[] = [];
    let bytes = 0;
    for (const [id, live] of this.#live.entries()) {
      bytes += live.bytes;
      if (changes.length > 0 && bytes > bytesMax) break;
      if (!this.#pending.has(id)) changes.push({ id, record: live.record });
    }
    return changes;
  }

  /** Frees what stands in the log before the oldest record. */
  async trim(): Promise<void> {
    const { engine, log } = this.#options;
    const before = this.#live.oldest(this.#end);
    await engine.trim(log, before);
    this.#extent.cutBefore(before);
  }

  /** Refuses what comes from now on; resolves when what was taken in is durable. */
  async close(): Promise<void> {
    this.#stopped ??= new LogError('closed', 'the log of tables is closed');
    await this.#appending;
  }

  #checkRoom(changes: readonly Change<Record>[], bytes: number): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    if (this.#queue.length >= QUEUE_WRITES_MAX || this.#queueBytes + bytes > QUEUE_BYTES_MAX) {
      throw new LogError('overloaded', 'too many writes are waiting');
    }
    const adds = changes.some(({ record }) => record !== undefined);
    if (adds && this.#live.bytes + this.#queueBytes + bytes > STORE_BYTES_MAX) {
      throw new LogError('full', `all tables together hold ${STORE_BYTES_MAX} bytes, the most there may be`);
    }
  }

  /** Ends in the same turn in which it finds the queue empty, so that no write falls in between. */
  async #appendAll(): Promise<void> {
    this.#isAppending = true;
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        const first = await this.#append(group);
        for (const [index, write] of group.entries()) this.#commit(write, positionOf(first + index));
      } catch (error) {
        this.#takeBack(group, error);
      }
    }
    this.#isAppending = false;
  }

  #takeGroup(): readonly Write<Record>[] {
    let bytes = 0;
    const end = this.#queue.findIndex(({ value }, index) => {
      bytes += value.length;
      return index >= GROUP_WRITES_MAX || (index > 0 && bytes > GROUP_BYTES_MAX);
    });
    const group = this.#queue.splice(0, end === -1 ? this.#queue.length : end);
    for (const { value } of group) this.#queueBytes -= value.length;
    return group;
  }

  async #append(group: readonly Write<Record>[]): Promise<Position> {
    const { engine, log } = this.#options;
    const entries = group.map(({ value }) => ({ key: '', value }));
    return (await engine.append(log, entries)).first;
  }

  #commit(write: Write<Record>, position: Position): void {
    this.#replace(write.changes, position, write.value.length, this.#options.onChange);
    for (const { id } of write.changes) {
      if (this.#pending.get(id)?.by === write) this.#pending.delete(id);
    }
    if (this.#last === write) this.#last = undefined;
    this.#end = positionOf(position + 1);
    write.resolve();
  }

  #replace(
    changes: readonly Change<Record>[],
    position: Position,
    bytes: number,
    onChange?: RecordLogOptions<Record>['onChange'],
  ): void {
    this.#extent.add(position, bytes);
    for (const change of changes) {
      if (change.record === undefined) this.#live.delete(change.id);
      else this.#live.put(change.id, { record: change.record, position, bytes: bytes / changes.length });
      onChange?.(change);
    }
  }

  #takeBack(group: readonly Write<Record>[], error: unknown): void {
    const writes = [...group, ...this.#queue];
    this.#queue = [];
    this.#queueBytes = 0;
    this.#last = undefined;
    this.#pending.clear();
    if (error instanceof LogError && error.code === 'failed') this.#stopped = error;
    for (const write of writes) write.reject(error);
  }
}
