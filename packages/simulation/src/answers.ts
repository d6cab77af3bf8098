import type { DiskErrorCode } from '@millrace/core';
import { LogError, type LogErrorCode } from '@millrace/log';
import type { SimulatedDisk } from './simulated-disk.ts';
import { must, Violation } from './violation.ts';

/** What the disk must have said before the engine may say so; the rest needs other reasons. */
const CAUSES: Readonly<Partial<Record<LogErrorCode, readonly (DiskErrorCode | 'full truncate')[]>>> = {
  full: ['full'],
  // What did not fit cannot be taken back where even that needs space.
  failed: ['broken', 'read-only', 'full truncate'],
};

interface AnswerRules {
  readonly disk: SimulatedDisk;
  /** Few bytes may wait, so appends may be refused. */
  readonly mayOverload: boolean;
}

/** An error, and the ones behind it. */
const told = (error: unknown): string =>
  error instanceof Error ? [error.message, told(error.cause)].filter(Boolean).join(' < ') : '';

/** Holds one process's errors to their reasons, and its store to what it said. */
export class Answers {
  readonly #rules: AnswerRules;
  isClosing = false;
  /** A write was answered with `failed`. */
  #hasFailed = false;

  constructor(rules: AnswerRules) {
    this.#rules = rules;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The code of an error that has a reason. Whatever else was thrown is thrown on. */
  code(call: string, error: unknown, isGone = false): LogErrorCode {
    if (error instanceof Violation) throw error;
    if (!(error instanceof LogError)) {
      throw new Violation('errors are LogErrors', `${call}: ${error instanceof Error ? error.stack : error}`);
    }
    must(this.#hasReason(error.code, isGone), 'no error without a reason', () => `${call}: ${told(error)}`);
    return error.code;
  }

  /** For calls that write: once failed, failed until the restart. */
  async write<Result>(call: string, work: () => Promise<Result>): Promise<Result> {
    const hadFailed = this.#hasFailed;
    try {
      const result = await work();
      must(!hadFailed, 'after a failure everything is refused', () => call);
      return result;
    } catch (error) {
      if (error instanceof LogError && error.code === 'failed') this.#hasFailed = true;
      const isFailed = error instanceof LogError && ['failed', 'closed'].includes(error.code);
      must(!hadFailed || isFailed, 'after a failure everything is refused', () => `${call}: ${error}`);
      throw error;
    }
  }

  #hasReason(code: LogErrorCode, isGone: boolean): boolean {
    const { disk, mayOverload } = this.#rules;
    if (code === 'no-such-log') return isGone;
    if (code === 'closed') return this.isClosing;
    if (code === 'overloaded') return mayOverload || disk.struck.has('too-many-open-files');
    return CAUSES[code]?.some((cause) => disk.struck.has(cause)) ?? false;
  }
}
