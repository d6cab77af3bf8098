import type { LogId } from '@millrace/log';
import { endOf } from './batch.ts';
import { noSuchLog } from './errors.ts';
import { LogState } from './log-state.ts';
import type { TailBatch } from './tail.ts';
import type { TailMemory } from './tail-memory.ts';

/** All logs. Its methods are the effects of frames: the same at run time and when the journal is read again. */
export class LogTable {
  readonly memory: TailMemory;
  readonly #byId = new Map<LogId, LogState>();
  readonly #byNumber = new Map<number, LogState>();
  /** Counts the creations in the group that is on its way to the disk, too. */
  sealedNextNumber: number;
  #nextNumber: number;

  constructor(memory: TailMemory, nextNumber = 1) {
    this.memory = memory;
    this.#nextNumber = nextNumber;
    this.sealedNextNumber = nextNumber;
  }

  /** Numbers from here on have not been given to a log. */
  get nextNumber(): number {
    return this.#nextNumber;
  }

  get all(): Iterable<LogState> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: LogId): LogState | undefined {
    return this.#byId.get(id);
  }

  byNumber(number: number): LogState | undefined {
    return this.#byNumber.get(number);
  }

  require(id: LogId): LogState {
    const log = this.#byId.get(id);
    if (log === undefined) throw noSuchLog(id);
    return log;
  }

  create(id: LogId, number: number): LogState {
    const log = new LogState(id, number);
    this.#byId.set(id, log);
    this.#byNumber.set(number, log);
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    this.sealedNextNumber = Math.max(this.sealedNextNumber, this.#nextNumber);
    return log;
  }

  delete(log: LogState): void {
    this.#byId.delete(log.id);
    this.#byNumber.delete(log.number);
    log.isLeaving = true;
    this.memory.dropBefore(log, log.end);
    log.waiters.reject(noSuchLog(log.id));
  }

  append(log: LogState, batch: TailBatch): void {
    log.end = endOf(batch);
    log.sealedEnd = Math.max(log.sealedEnd, log.end);
    this.memory.hold(log, batch);
    log.waiters.wake(log.end);
  }

  /** Raises the start. Memory is freed at once, segments later. */
  trim(log: LogState, start: number): void {
    log.recordedStart = Math.max(log.recordedStart, start);
    this.hide(log, start);
  }

  /** The same for now: a crash may bring it back. */
  hide(log: LogState, start: number): void {
    log.start = Math.max(log.start, start);
    this.memory.dropBefore(log, log.start);
  }
}
