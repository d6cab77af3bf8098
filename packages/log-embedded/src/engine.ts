import assert from 'node:assert/strict';
import { type DataKeyId, type Position, positionOf } from '@millrace/core';
import {
  type Appended,
  type AppendOptions,
  type AppendOutcome,
  type BatchCipher,
  type Bounds,
  type LogAppend,
  type LogEngine,
  type LogEntry,
  LogError,
  type LogId,
  type ReadLimits,
  type ReadResult,
} from '@millrace/log';
import { AppendCall } from './append-call.ts';
import { encodeEntries } from './batch.ts';
import type { BatchReader } from './batch-reader.ts';
import { type Append, AppendChange, ControlChange } from './change.ts';
import { createFrame, deleteFrame, trimFrame } from './control-frame.ts';
import { encryptedFrame } from './encrypted-frame.ts';
import { asLogError, closed } from './errors.ts';
import type { OnEvent } from './event.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Health } from './health.ts';
import type { HeldSnapshot } from './inspect/snapshot.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import { withOwnValues } from './own-values.ts';
import { RecordCollector } from './record-collector.ts';
import { firstItemWhere } from './search.ts';
import type { SegmentReader } from './segment-reader.ts';
import type { Snapshots } from './snapshots.ts';
import type { Space } from './space.ts';
import type { Turns } from './turns.ts';

export interface EngineParts {
  readonly table: LogTable;
  readonly commit: GroupCommit;
  /** What bounds the memory of appends. */
  readonly appendTurns: Turns;
  readonly cipher: BatchCipher;
  readonly batches: BatchReader;
  readonly reader: SegmentReader;
  readonly space: Space;
  readonly snapshots: Snapshots;
  readonly health: Health;
  readonly onEvent: OnEvent;
  /** Puts the store to rest once nothing is under way. */
  readonly release: () => Promise<void>;
}

const joined = (running: Map<LogId, Promise<void>>, id: LogId, start: () => Promise<void>): Promise<void> => {
  const known = running.get(id);
  if (known !== undefined) return known;
  const started = start().finally(() => running.delete(id));
  running.set(id, started);
  return started;
};

/** What an entry takes beside its value, about. */
const ENTRY_BYTES = 64;

/** What appends take of memory until they are durable, about. */
const bytesOf = (appends: readonly LogAppend[]): number => {
  let bytes = 0;
  for (const { entries } of appends) {
    for (const { value } of entries) bytes += value.length + ENTRY_BYTES;
  }
  return bytes;
};

const resultOf = ({ records }: RecordCollector, position: number, end: number): ReadResult => ({
  records,
  next: positionOf(position + records.length),
  end: positionOf(end),
});

/** A `LogEngine` on a local disk. Writing goes through `GroupCommit`; reading is here. */
export class EmbeddedLog implements LogEngine {
  readonly #parts: EngineParts;
  /** Logs on their way in or out, by id: who comes second waits for who came first. */
  readonly #creating = new Map<LogId, Promise<void>>();
  readonly #deleting = new Map<LogId, Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  async create(id: LogId): Promise<void> {
    this.#requireWritable();
    await this.#deleting.get(id)?.catch(() => undefined);
    await this.#parts.space.freed(id);
    if (this.#parts.table.get(id) !== undefined) return;
    await joined(this.#creating, id, () => this.#create(id));
  }

  async delete(id: LogId): Promise<void> {
    this.#requireWritable();
    await this.#creating.get(id)?.catch(() => undefined);
    const log = this.#parts.table.get(id);
    if (log === undefined) return this.#deleting.get(id);
    await joined(this.#deleting, id, () => this.#delete(log));
  }

  async logs(): Promise<LogId[]> {
    this.#requireOpen();
    return [...this.#parts.table.all].map(({ id }) => id);
  }

  async append(log: LogId, entries: readonly LogEntry[], options?: AppendOptions): Promise<Appended> {
    const [outcome] = await this.appendAll([{ log, entries }], options);
    assert(outcome !== undefined);
    if (outcome instanceof LogError) throw outcome;
    return outcome;
  }

  async appendAll(appends: readonly LogAppend[], options?: AppendOptions): Promise<readonly AppendOutcome[]> {
    for (const { entries } of appends) assert(entries.length > 0, 'an append holds at least one entry');
    const { appendTurns, health } = this.#parts;
    try {
      this.#requireWritable();
      return await appendTurns.run(bytesOf(appends), () => {
        const call = new AppendCall(appends.length);
        for (const [place, append] of appends.entries())
          this.#submit(append, options?.encryptWith, call, place);
        return call.outcomes;
      });
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      const told = health.failure ?? error;
      return appends.map(() => told);
    }
  }

  async read(id: LogId, from: Position, limits: ReadLimits): Promise<ReadResult> {
    for (;;) {
      const log = this.#require(id);
      const end = log.end;
      const position = Math.max(from, log.start);
      const collector = new RecordCollector(limits);
      try {
        if (position < end) await this.#collect(log, position, collector);
        return resultOf(collector, position, end);
      } catch (error) {
        // What was read is good; whoever asks for more is told.
        if (collector.records.length > 0) return resultOf(collector, position, end);
        this.#rethrowUnlessGone(error, log, position);
      }
    }
  }

  async bounds(id: LogId): Promise<Bounds> {
    const { start, end } = this.#require(id);
    return { start: positionOf(start), end: positionOf(end) };
  }

  async findByTime(id: LogId, timestampMs: number): Promise<Position> {
    for (;;) {
      const log = this.#require(id);
      const { start } = log;
      try {
        return positionOf(Math.max(await this.#find(log, timestampMs), log.start));
      } catch (error) {
        this.#rethrowUnlessGone(error, log, start);
      }
    }
  }

  async trim(id: LogId, before: Position): Promise<void> {
    this.#requireWritable();
    const { table, commit, space } = this.#parts;
    const log = table.require(id);
    const start = Math.min(before, log.end);
    if (start <= log.recordedStart) return;
    const submit = (): Promise<void> => {
      const change = new ControlChange(trimFrame(), {
        seal: () => ({ logNumber: log.number, position: start }),
        apply: () => table.trim(log, start),
      });
      commit.submit(change);
      return change.done;
    };
    await space.evenWhenFull(log, start, submit);
    await space.freeTrimmed(log);
  }

  async waitForMore(id: LogId, position: Position, signal: AbortSignal): Promise<void> {
    const log = this.#require(id);
    if (log.end > position) return;
    const { failure } = this.#parts.health;
    if (failure !== undefined) throw failure;
    await log.waiters.wait(position, signal);
  }

  /**
   * What has been acknowledged so far, for whoever copies or checks the files while the store goes on. They are kept
   * until the snapshot is released, the disk is full or the store is closed.
   */
  async snapshot(): Promise<HeldSnapshot> {
    this.#requireOpen();
    return this.#parts.snapshots.take();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** What a log refuses is the outcome of that append alone; anything else is our own mistake. */
  #submit(
    { log: id, entries }: LogAppend,
    key: DataKeyId | undefined,
    call: AppendCall,
    place: number,
  ): void {
    const { table, commit } = this.#parts;
    try {
      this.#requireWritable();
      const log = table.require(id);
      if (log.isLeaving) throw new LogError('no-such-log', `the log is being deleted: ${id}`);
      commit.submit(new AppendChange(table, log, this.#encode(entries, key), call, place));
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      call.settle(place, error);
    }
  }

  #encode(entries: readonly LogEntry[], key: DataKeyId | undefined): Append {
    const { cipher, table } = this.#parts;
    const { frames, plainFrames } = table.memory.frameMemory;
    const count = entries.length;
    if (key === undefined) return { count, frame: encodeEntries(entries, frames.take) };
    const makePlain = () => encodeEntries(entries, plainFrames.take);
    return { count, ...encryptedFrame(makePlain, { key, cipher, count, allocate: frames.take }) };
  }

  async #create(id: LogId): Promise<void> {
    this.#requireWritable();
    const { table, commit } = this.#parts;
    let number = 0;
    const change = new ControlChange(createFrame(id), {
      seal: () => {
        number = table.sealedNextNumber;
        table.sealedNextNumber += 1;
        return { logNumber: number, position: 0 };
      },
      apply: () => table.create(id, number),
      takeBack: () => {
        table.sealedNextNumber = table.nextNumber;
      },
    });
    commit.submit(change);
    await change.done;
  }

  async #delete(log: LogState): Promise<void> {
    this.#requireWritable();
    const { table, commit, space } = this.#parts;
    log.isLeaving = true;
    const submit = (): Promise<void> => {
      const change = new ControlChange(deleteFrame(), {
        seal: () => ({ logNumber: log.number, position: 0 }),
        apply: () => table.delete(log),
      });
      commit.submit(change);
      return change.done;
    };
    try {
      await space.evenWhenFull(log, log.end, submit);
    } catch (error) {
      log.isLeaving = false;
      throw error;
    }
    await space.freeDeleted(log);
  }

  async #close(): Promise<void> {
    const { table, commit, release } = this.#parts;
    await commit.drain();
    for (const log of table.all) log.waiters.reject(closed());
    await release();
  }

  /** Takes records from memory or from one segment; a reader who wants more comes again. */
  async #collect(log: LogState, position: number, collector: RecordCollector): Promise<void> {
    const { batches } = this.#parts;
    if (log.tail.holds(position)) {
      log.tail.read(position, (batch) => batches.read(batch, position, collector));
      withOwnValues(collector.records);
      return;
    }
    const segment = log.segmentOf(position);
    if (segment === undefined) throw new LogError('corrupt', `no segment of ${log.id} holds ${position}`);
    await this.#parts.reader.read(segment, position, collector);
  }

  async #find(log: LogState, timestampMs: number): Promise<number> {
    const { first } = log.tail;
    // Looked up before anything is awaited: what leaves memory meanwhile is in no segment that we know.
    const inMemory = log.tail.findByTime(timestampMs) ?? log.end;
    const isOlder = timestampMs > log.lastArrivalMs || (first !== undefined && first.arrivalMs < timestampMs);
    return isOlder ? inMemory : ((await this.#findInSegments(log, timestampMs)) ?? inMemory);
  }

  /** In the last segment that begins before the time; if all of it is older, at the beginning of the next. */
  async #findInSegments(log: LogState, timestampMs: number): Promise<number | undefined> {
    const { reader } = this.#parts;
    // Those before the start may be on their way out.
    const segments = log.segments.all.filter(({ end }) => end > log.start);
    const next = await firstItemWhere(
      segments,
      async (segment) => (await reader.firstArrivalMs(segment)) >= timestampMs,
    );
    const segment = segments[next - 1];
    const found = segment === undefined ? undefined : await reader.findByTime(segment, timestampMs);
    return found ?? segments[next]?.base;
  }

  /** What was trimmed or deleted while it was read is no damage: the reader starts over. */
  #rethrowUnlessGone(error: unknown, log: LogState, position: number): void {
    if (log.start > position || this.#parts.table.get(log.id) !== log) return;
    const told = asLogError(error, 'read');
    if (told.code === 'corrupt') this.#parts.onEvent({ kind: 'corrupt', error: told });
    throw told;
  }

  #require(id: LogId): LogState {
    this.#requireOpen();
    return this.#parts.table.require(id);
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw closed();
  }

  #requireWritable(): void {
    this.#requireOpen();
    const { failure } = this.#parts.health;
    if (failure !== undefined) throw failure;
  }
}
