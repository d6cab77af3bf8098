import { positionOf } from '@millrace/core';
import type { Appended, LogError } from '@millrace/log';
import { sealFrame } from './frame.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import type { TailBatch } from './tail.ts';

/**
 * Something on its way into the journal. It is sealed when its turn has come, then exactly one of applied and
 * rejected; a change that never came to its turn is only rejected.
 */
export interface Change {
  readonly frame: Buffer;
  /** Fills in what depends on the order, and the checksum. */
  seal(nowMs: number): void;
  /** It is durable: takes effect, and its caller is told. */
  apply(journalFile: number): void;
  /** It is not in the journal: what sealing gave is taken back, and its caller is told. */
  reject(error: LogError): void;
}

export class AppendChange implements Change {
  readonly frame: Buffer;
  readonly appended: Promise<Appended>;
  readonly #settle = Promise.withResolvers<Appended>();
  readonly #table: LogTable;
  readonly #log: LogState;
  readonly #count: number;
  #position = 0;
  #arrivalMs = 0;

  constructor(table: LogTable, log: LogState, frame: Buffer, count: number) {
    this.appended = this.#settle.promise;
    this.#table = table;
    this.#log = log;
    this.frame = frame;
    this.#count = count;
  }

  seal(nowMs: number): void {
    const log = this.#log;
    this.#position = log.sealedEnd;
    this.#arrivalMs = Math.max(nowMs, log.lastArrivalMs);
    log.sealedEnd += this.#count;
    log.lastArrivalMs = this.#arrivalMs;
    sealFrame(this.frame, { logNumber: log.number, position: this.#position, arrivalMs: this.#arrivalMs });
  }

  apply(journalFile: number): void {
    const batch: TailBatch = {
      position: this.#position,
      count: this.#count,
      arrivalMs: this.#arrivalMs,
      bytes: this.frame,
      journalFile,
    };
    this.#table.append(this.#log, batch);
    this.#settle.resolve({ first: positionOf(this.#position), arrivalMs: this.#arrivalMs });
  }

  reject(error: LogError): void {
    this.#log.sealedEnd = this.#log.end;
    this.#settle.reject(error);
  }
}

interface ControlSteps {
  /** Returns what goes into the frame's header. */
  seal(): { readonly logNumber: number; readonly position: number };
  apply(): void;
  takeBack?(): void;
}

/** Making, deleting or trimming a log. */
export class ControlChange implements Change {
  readonly frame: Buffer;
  readonly done: Promise<void>;
  readonly #settle = Promise.withResolvers<void>();
  readonly #steps: ControlSteps;

  constructor(frame: Buffer, steps: ControlSteps) {
    this.done = this.#settle.promise;
    this.frame = frame;
    this.#steps = steps;
  }

  seal(nowMs: number): void {
    sealFrame(this.frame, { ...this.#steps.seal(), arrivalMs: nowMs });
  }

  apply(): void {
    this.#steps.apply();
    this.#settle.resolve();
  }

  reject(error: LogError): void {
    this.#steps.takeBack?.();
    this.#settle.reject(error);
  }
}
