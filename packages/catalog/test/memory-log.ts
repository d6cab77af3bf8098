import { type Position, positionOf } from '@millrace/core';
import {
  type Appended,
  type Bounds,
  type LogEngine,
  type LogEntry,
  LogError,
  type LogId,
  type LogRecord,
  type ReadLimits,
  type ReadResult,
} from '@millrace/log';

interface MemoryLog {
  start: number;
  records: LogRecord[];
  readonly waiters: Set<() => void>;
}

/** The contract of `LogEngine` in arrays. `now` gives arrival times. */
export class MemoryLogEngine implements LogEngine {
  readonly #now: () => number;
  readonly #logs = new Map<LogId, MemoryLog>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async create(log: LogId): Promise<void> {
    if (!this.#logs.has(log)) this.#logs.set(log, { start: 0, records: [], waiters: new Set() });
  }

  async delete(log: LogId): Promise<void> {
    const gone = this.#logs.get(log);
    this.#logs.delete(log);
    for (const wake of gone?.waiters ?? []) wake();
  }

  async logs(): Promise<LogId[]> {
    return [...this.#logs.keys()];
  }

  async append(id: LogId, entries: readonly LogEntry[]): Promise<Appended> {
    const log = this.#require(id);
    const first = positionOf(log.start + log.records.length);
    const arrivalMs = Math.max(this.#now(), log.records.at(-1)?.arrivalMs ?? 0);
    for (const [index, { key, value }] of entries.entries()) {
      log.records.push({ key, value: Buffer.from(value), arrivalMs, position: positionOf(first + index) });
    }
    for (const wake of log.waiters) wake();
    return { first, arrivalMs };
  }

  async read(id: LogId, from: Position, limits: ReadLimits): Promise<ReadResult> {
    const log = this.#require(id);
    const end = positionOf(log.start + log.records.length);
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const record of log.records.slice(Math.max(0, from - log.start))) {
      bytes += Buffer.byteLength(record.key) + record.value.length;
      if (records.length === limits.records || (records.length > 0 && bytes > limits.bytes)) break;
      records.push(record);
    }
    const next = Math.max(from, log.start) + records.length;
    return { records, next: positionOf(next), end };
  }

  async bounds(id: LogId): Promise<Bounds> {
    const log = this.#require(id);
    return { start: positionOf(log.start), end: positionOf(log.start + log.records.length) };
  }

  async findByTime(id: LogId, timestampMs: number): Promise<Position> {
    const log = this.#require(id);
    const found = log.records.findIndex(({ arrivalMs }) => arrivalMs >= timestampMs);
    return positionOf(log.start + (found < 0 ? log.records.length : found));
  }

  async trim(id: LogId, before: Position): Promise<void> {
    const log = this.#require(id);
    const count = Math.max(0, Math.min(before - log.start, log.records.length));
    log.records = log.records.slice(count);
    log.start += count;
  }

  async waitForMore(id: LogId, position: Position, signal: AbortSignal): Promise<void> {
    const log = this.#require(id);
    while (!signal.aborted && log.start + log.records.length <= position) {
      this.#require(id);
      const { promise, resolve } = Promise.withResolvers<void>();
      log.waiters.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      log.waiters.delete(resolve);
    }
  }

  async close(): Promise<void> {}

  #require(id: LogId): MemoryLog {
    const log = this.#logs.get(id);
    if (log === undefined) throw new LogError('no-such-log', `no log '${id}'`);
    return log;
  }
}
