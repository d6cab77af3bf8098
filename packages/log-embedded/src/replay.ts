import { LogError } from '@millrace/log';
import { createdLog } from './control-frame.ts';
import { FRAME_KINDS, type Frame, type FrameKind } from './frame.ts';
import type { LogTable } from './log-table.ts';
import { journalPath } from './paths.ts';

export interface ReplayCount {
  batches: number;
  bytes: number;
}

/**
 * Applies the journal's frames to what the manifest told, in order. What the manifest knows already is passed
 * over, so that a journal may be read any number of times.
 */
export class Replay {
  readonly count: ReplayCount = { batches: 0, bytes: 0 };
  readonly #table: LogTable;
  /** Logs with a smaller number that are not in the table have been deleted. */
  readonly #firstNewNumber: number;

  constructor(table: LogTable) {
    this.#table = table;
    this.#firstNewNumber = table.nextNumber;
  }

  apply(frame: Frame, journalFile: number): void {
    this.#steps[frame.kind as FrameKind](frame, journalFile);
  }

  readonly #steps: Readonly<Record<FrameKind, (frame: Frame, journalFile: number) => void>> = {
    [FRAME_KINDS.create]: (frame) => {
      if (frame.logNumber >= this.#firstNewNumber) this.#table.create(createdLog(frame), frame.logNumber);
    },
    [FRAME_KINDS.delete]: ({ logNumber }) => {
      const log = this.#table.byNumber(logNumber);
      if (log !== undefined) this.#table.delete(log);
    },
    [FRAME_KINDS.trim]: ({ logNumber, position }) => {
      const log = this.#table.byNumber(logNumber);
      if (log !== undefined) this.#table.trim(log, position);
    },
    [FRAME_KINDS.append]: (frame, journalFile) => this.#append(frame, journalFile),
  };

  #append({ logNumber, position, count, arrivalMs, bytes }: Frame, journalFile: number): void {
    const log = this.#table.byNumber(logNumber);
    if (log === undefined || position + count <= log.end) return;
    if (position !== log.end) {
      const file = journalPath(journalFile);
      throw new LogError('corrupt', `${file} goes on at ${position} where log ${log.id} ends at ${log.end}`);
    }
    // A copy, so that the rest of the journal file need not stay in memory.
    this.#table.append(log, { position, count, arrivalMs, bytes: Buffer.from(bytes), journalFile });
    log.lastArrivalMs = Math.max(log.lastArrivalMs, arrivalMs);
    this.count.batches += 1;
    this.count.bytes += bytes.length;
  }
}
