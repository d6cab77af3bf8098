import { DiskError, type DiskErrorCode } from '@millrace/core';
import { LogError, type LogErrorCode, type LogId } from '@millrace/log';

const CODES: Readonly<Record<DiskErrorCode, LogErrorCode>> = {
  'not-found': 'corrupt',
  full: 'full',
  'read-only': 'failed',
  'too-many-open-files': 'overloaded',
  broken: 'failed',
};

/** These pass: nothing was written that could not be taken back. */
const PASSING: ReadonlySet<LogErrorCode> = new Set<LogErrorCode>(['full', 'overloaded']);

/** The disk's errors in the engine's words; `doing` stands before the message. */
export const asLogError = (error: unknown, doing: string): LogError => {
  if (error instanceof LogError) return error;
  const code = error instanceof DiskError ? CODES[error.code] : 'failed';
  const message = error instanceof Error ? error.message : String(error);
  return new LogError(code, `${doing}: ${message}`, { cause: error });
};

export const isPassing = (error: LogError): boolean => PASSING.has(error.code);

export const hasCode = (error: unknown, code: LogErrorCode): boolean =>
  error instanceof LogError && error.code === code;

export const isNotFound = (error: unknown): boolean =>
  error instanceof DiskError && error.code === 'not-found';

export const closed = (): LogError => new LogError('closed', 'the store is closed');

export const noSuchLog = (id: LogId): LogError => new LogError('no-such-log', `no such log: ${id}`);
