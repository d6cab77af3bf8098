import type { Disk, DiskFile } from '@millrace/core';
import { LogError } from '@millrace/log';
import { isNotFound } from '../errors.ts';
import { withFile } from '../read-whole.ts';
import { checkSegmentHeader, SEGMENT_HEADER_BYTES, type Segment } from '../segment.ts';
import { entriesProblem } from './entries.ts';
import { IndexCheck } from './index-check.ts';
import type { Ledger, LedgerLog } from './ledger.ts';
import { SegmentWalk, type WalkedDamage, type WalkStep } from './segment-walk.ts';
import { segmentsOf } from './segments-of.ts';
import type { VerifyCount } from './verify-count.ts';

export interface SegmentsCheck {
  readonly disk: Disk;
  readonly ledger: Ledger;
  readonly count: VerifyCount;
  readonly isAtRest: boolean;
}

/** Checks the segments of all logs that are still there, each against what the manifest says of it. */
export const verifySegments = async (check: SegmentsCheck): Promise<void> => {
  for (const log of check.ledger.logs) {
    let mayBeFreed = true;
    for (const segment of segmentsOf(log)) {
      // A trim on a full disk frees segments from the front, but not the last, before the journal has room to tell.
      mayBeFreed &&= segment.bytes === undefined;
      const isThere = await new SegmentVerifier(check, log, segment, mayBeFreed).run();
      mayBeFreed &&= !isThere;
    }
  }
};

class SegmentVerifier {
  readonly #check: SegmentsCheck;
  readonly #log: LedgerLog;
  readonly #segment: Segment;
  readonly #mayBeFreed: boolean;

  constructor(check: SegmentsCheck, log: LedgerLog, segment: Segment, mayBeFreed: boolean) {
    this.#check = check;
    this.#log = log;
    this.#segment = segment;
    this.#mayBeFreed = mayBeFreed;
  }

  /** False when there is no such file. */
  async run(): Promise<boolean> {
    const { disk, count } = this.#check;
    const { path, base, end } = this.#segment;
    try {
      await withFile(disk, path, (file) => this.#verify(file));
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const hint = this.#mayBeFreed ? ', unless a crash met a trim on a full disk' : '';
      count.damage({ ...this.#place(0), lost: this.#lost(base, end), message: `the file is missing${hint}` });
      return false;
    }
  }

  async #verify(file: DiskFile): Promise<void> {
    const { count } = this.#check;
    const { bytes, base, end, logNumber, path } = this.#segment;
    const size = await file.size();
    count.segment();
    count.read(Math.min(size, SEGMENT_HEADER_BYTES));
    await this.#verifyHeader(file);
    const plan = { logNumber, position: base, end, offset: SEGMENT_HEADER_BYTES, bytes: bytes ?? size };
    const walk = new SegmentWalk(file, plan);
    await this.#withIndex(async (index) => {
      for (let steps = await walk.next(); steps !== undefined; steps = await walk.next()) {
        for (const step of steps) await this.#take(step, index);
      }
    });
    if (this.#check.isAtRest && bytes !== undefined && size > bytes) {
      const message = `${size - bytes} bytes of a round that did not count: the journal has them`;
      count.note({ file: path, offset: bytes, log: this.#log.id, message });
    }
  }

  async #verifyHeader(file: DiskFile): Promise<void> {
    const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
    await file.read(header, 0);
    try {
      checkSegmentHeader(this.#segment, header);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      const { base, end } = this.#segment;
      const lost = this.#lost(base, end);
      const message = `${error.message}; its batches can be read by \`log dump\` alone`;
      this.#check.count.damage({ ...this.#place(0), lost, message });
    }
  }

  async #take(step: WalkStep, index: IndexCheck | undefined): Promise<void> {
    if (step.kind === 'damage') return this.#tellOf(step);
    const { offset, frame } = step;
    const { count } = this.#check;
    count.read(frame.bytes.length);
    count.batch(frame);
    if (index !== undefined && index.nextOffset <= offset) await index.compare(offset, frame);
    const message = entriesProblem(frame);
    if (message === undefined) return;
    const lost = this.#lost(frame.position, frame.position + frame.count);
    count.damage({ ...this.#place(offset), lost, message });
  }

  #tellOf({ offset, endOffset, reason, from, to }: WalkedDamage): void {
    const { count } = this.#check;
    count.read(endOffset - offset);
    const lost = this.#lost(from, to);
    const place = this.#place(offset);
    const isHarmless = lost === undefined && (offset < endOffset || from < to);
    if (isHarmless) count.note({ ...place, message: `${reason}: no record is lost that is still held` });
    else count.damage({ ...place, lost, message: reason });
  }

  async #withIndex(work: (index: IndexCheck | undefined) => Promise<void>): Promise<void> {
    const { disk, count } = this.#check;
    const { indexPath, bytes } = this.#segment;
    // The index of a segment that grows is being written.
    const mayBeTorn = !this.#check.isAtRest && bytes !== undefined;
    const found = await disk.open(indexPath).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (found === undefined) return work(undefined);
    try {
      const index = new IndexCheck(found);
      await index.start();
      await work(index);
      if (index.problem === undefined || mayBeTorn) return;
      const { offset, reason } = index.problem;
      const message = `${reason}: the index is made again when it is needed, no record is concerned`;
      count.note({ file: indexPath, offset, log: this.#log.id, message });
    } finally {
      await found.close();
    }
  }

  #place(offset: number): { file: string; offset: number; log: LedgerLog['id'] } {
    return { file: this.#segment.path, offset, log: this.#log.id };
  }

  /** Of these positions, those that are still held; undefined when there are none. */
  #lost(from: number, to: number): { from: number; to: number } | undefined {
    const first = Math.max(from, this.#log.start);
    return first < to ? { from: first, to } : undefined;
  }
}
