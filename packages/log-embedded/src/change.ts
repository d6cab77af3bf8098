import { positionOf } from '@millrace/core';
import type { LogError } from '@millrace/log';
import type { AppendCall } from './append-call.ts';
import { FRAME_HEADER_BYTES, sealFrame } from './frame.ts';
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

/** What an append is about. */
export interface Append {
  readonly count: number;
  /** Goes into the journal; `encrypt` makes it from the plain one when its header is complete. */
  readonly frame: Buffer;
  readonly encrypt?: () => void;
  /** Not sealed; there for readers when the one above is encrypted. */
  readonly plainFrame?: Buffer;
}

export class AppendChange implements Change {
  readonly frame: Buffer;
  readonly #table: LogTable;
  readonly #log: LogState;
  readonly #call: AppendCall;
  readonly #place: number;
  readonly #count: number;
  readonly #encrypt: (() => void) | undefined;
  readonly #plain: Buffer | undefined;
  #position = 0;
  #arrivalMs = 0;

  /** `place` is that of its outcome in the call. */
  constructor(table: LogTable, log: LogState, append: Append, call: AppendCall, place: number) {
    const { frame, count, encrypt, plainFrame } = append;
    this.#table = table;
    this.#log = log;
    this.#call = call;
    this.#place = place;
    this.frame = frame;
    this.#count = count;
    this.#encrypt = encrypt;
    this.#plain = plainFrame?.subarray(FRAME_HEADER_BYTES);
  }

  seal(nowMs: number): void {
    const log = this.#log;
    this.#position = log.sealedEnd;
    this.#arrivalMs = Math.max(nowMs, log.lastArrivalMs);
    log.sealedEnd += this.#count;
    log.lastArrivalMs = this.#arrivalMs;
    const seal = { logNumber: log.number, position: this.#position, arrivalMs: this.#arrivalMs };
    sealFrame(this.frame, seal, this.#encrypt);
  }

  apply(journalFile: number): void {
    const batch: TailBatch = {
      position: this.#position,
      count: this.#count,
      arrivalMs: this.#arrivalMs,
      bytes: this.frame,
      plain: this.#plain,
      journalFile,
    };
    this.#table.append(this.#log, batch);
    this.#call.settle(this.#place, { first: positionOf(this.#position), arrivalMs: this.#arrivalMs });
  }

  reject(error: LogError): void {
    this.#log.sealedEnd = this.#log.end;
    this.#table.memory.frameMemory.release({ bytes: this.frame, plain: this.#plain });
    this.#call.settle(this.#place, error);
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
