import type { LogId } from '@millrace/log';
import { createdLog } from '../control-frame.ts';
import { FRAME_KINDS, type Frame, type FrameKind } from '../frame.ts';
import type { Manifest, ManifestLog } from '../manifest.ts';
import type { LostPositions } from './finding.ts';

/** One log as the manifest and the journal tell of it. */
export interface LedgerLog {
  readonly id: LogId;
  readonly number: number;
  start: number;
  /** Next position to be given. */
  end: number;
  /** Of the newest batch that the journal has told of; the manifest may know of later ones that follow in it. */
  lastArrivalMs: number;
  /** Undefined for a log that came after the manifest. */
  readonly manifest: ManifestLog | undefined;
}

export interface LedgerProblem {
  readonly log: LogId | undefined;
  readonly message: string;
  readonly lost?: LostPositions;
}

/** What has become of a frame: whether a segment has it already, and what is wrong with it. */
export interface Booked {
  readonly isNew: boolean;
  readonly log: LogId | undefined;
  readonly problem?: LedgerProblem;
}

/** Which logs there are and how far they reach, without their data; goes on behind what is missing. */
export class Ledger {
  readonly #byNumber = new Map<number, LedgerLog>();
  /** Logs with a smaller number that are not in the manifest have been deleted. */
  readonly #firstNewNumber: number;
  readonly #deleted = new Set<number>();

  constructor({ logs, nextLogNumber }: Manifest) {
    this.#firstNewNumber = nextLogNumber;
    for (const log of logs) {
      const { id, number, start, end } = log;
      this.#byNumber.set(number, { id, number, start, end, lastArrivalMs: 0, manifest: log });
    }
  }

  get logs(): Iterable<LedgerLog> {
    return this.#byNumber.values();
  }

  get size(): number {
    return this.#byNumber.size;
  }

  byNumber(number: number): LedgerLog | undefined {
    return this.#byNumber.get(number);
  }

  book(frame: Frame): Booked {
    return this.#steps[frame.kind as FrameKind](frame);
  }

  readonly #steps: Readonly<Record<FrameKind, (frame: Frame) => Booked>> = {
    [FRAME_KINDS.create]: (frame) => {
      const { logNumber: number } = frame;
      const id = createdLog(frame);
      const isNew = number >= this.#firstNewNumber && !this.#byNumber.has(number);
      if (isNew) {
        this.#byNumber.set(number, { id, number, start: 0, end: 0, lastArrivalMs: 0, manifest: undefined });
      }
      return { isNew, log: id };
    },
    [FRAME_KINDS.delete]: ({ logNumber }) => {
      const log = this.#byNumber.get(logNumber);
      this.#byNumber.delete(logNumber);
      this.#deleted.add(logNumber);
      return { isNew: log !== undefined, log: log?.id };
    },
    [FRAME_KINDS.trim]: ({ logNumber, position }) => {
      const log = this.#byNumber.get(logNumber);
      if (log !== undefined) log.start = Math.max(log.start, position);
      return { isNew: log !== undefined, log: log?.id };
    },
    [FRAME_KINDS.append]: (frame) => this.#append(frame),
  };

  #append({ logNumber, position, count, arrivalMs }: Frame): Booked {
    const log = this.#byNumber.get(logNumber);
    if (log === undefined) return this.#appendToNone(logNumber);
    const { id, end } = log;
    if (position + count <= end) return { isNew: false, log: id };
    log.end = position + count;
    const fallen = arrivalMs < log.lastArrivalMs;
    const message = `arrival ${arrivalMs} after ${log.lastArrivalMs}`;
    log.lastArrivalMs = Math.max(log.lastArrivalMs, arrivalMs);
    if (position !== end) {
      const gap = `position ${position} where log ${id} ends at ${end}: the store will not open`;
      const lost = position > end ? { lost: { from: end, to: position } } : {};
      return { isNew: true, log: id, problem: { log: id, message: gap, ...lost } };
    }
    return { isNew: true, log: id, ...(fallen && { problem: { log: id, message } }) };
  }

  /** A deleted log's batches may still be in the journal; those of a log that never was may not. */
  #appendToNone(number: number): Booked {
    if (number < this.#firstNewNumber || this.#deleted.has(number)) return { isNew: false, log: undefined };
    const message = `a batch of log number ${number}, which nothing has made`;
    return { isNew: false, log: undefined, problem: { log: undefined, message } };
  }
}
