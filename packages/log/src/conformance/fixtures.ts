import assert from 'node:assert/strict';
import { type Position, positionOf } from '@millrace/core';
import {
  type LogEngine,
  type LogEntry,
  LogError,
  type LogErrorCode,
  type LogId,
  type LogRecord,
  logIdOf,
  type ReadLimits,
} from '../log-engine.ts';

export const ORDERS = logIdOf('orders');
export const PAYMENTS = logIdOf('payments');

export const ROOMY: ReadLimits = { records: 1000, bytes: 1024 * 1024 };

export const entry = (text: string, key = 'key'): LogEntry => ({ key, value: Buffer.from(text) });

export const entries = (...texts: string[]): LogEntry[] => texts.map((text) => entry(text));

export const at = (position: number): Position => positionOf(position);

export const textOf = ({ value }: LogRecord): string => Buffer.from(value).toString();

/**
 * Everything from `from` to the end, read as a consumer does. Checks on the way that positions are dense, but for
 * what a trim has taken meanwhile.
 */
export const readAll = async (
  engine: LogEngine,
  log: LogId,
  from = 0,
  limits: ReadLimits = ROOMY,
): Promise<LogRecord[]> => {
  const all: LogRecord[] = [];
  for (let next = at(from); ; ) {
    const result = await engine.read(log, next, limits);
    const first = result.records[0]?.position ?? result.next;
    if (first !== next) assert.ok(first > next && first <= (await engine.bounds(log)).start);
    result.records.forEach((record, index) => {
      assert.equal(record.position, first + index);
    });
    assert.equal(result.next, first + result.records.length);
    if (result.records.length === 0) {
      assert.equal(result.next, result.end);
      return all;
    }
    all.push(...result.records);
    next = result.next;
  }
};

export const readTexts = async (engine: LogEngine, log: LogId, from = 0): Promise<string[]> =>
  (await readAll(engine, log, from)).map(textOf);

export const rejectsWith = (code: LogErrorCode, work: Promise<unknown>): Promise<void> =>
  assert.rejects(work, (error) => error instanceof LogError && error.code === code);

/** A signal that nobody gives. */
export const patient = (): AbortSignal => new AbortController().signal;
