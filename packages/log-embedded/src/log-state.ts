import type { LogId } from '@millrace/log';
import type { Segment } from './segment.ts';
import { SegmentList } from './segment-list.ts';
import { Tail } from './tail.ts';
import { Waiters } from './waiters.ts';

/** One log as memory knows it. Nothing here is visible before it is durable, but for what is called sealed. */
export class LogState {
  readonly id: LogId;
  /** Stands for the id in frames; never used again, not even for a log of the same name. */
  readonly number: number;
  readonly tail = new Tail();
  readonly segments = new SegmentList();
  readonly waiters = new Waiters();
  /** First position still held. */
  start = 0;
  /** The same as far as the journal or the manifest knows; lower only after a full disk has interrupted a trim. */
  recordedStart = 0;
  /** Base of the segment that the manifest on disk takes for the last; it stays until the journal knows of a trim. */
  namedBase: number | undefined;
  /** Next position to be given. */
  end = 0;
  /** The same, counting the group that is on its way to the disk. */
  sealedEnd = 0;
  /** Of the newest record ever, so that it never falls even when the log is empty. */
  lastArrivalMs = 0;
  /** Deleted, or about to be: appends are refused. */
  isLeaving = false;

  constructor(id: LogId, number: number) {
    this.id = id;
    this.number = number;
  }

  /** Segments hold everything before it that is still wanted. */
  get writtenEnd(): number {
    return this.tail.firstDirty?.position ?? this.end;
  }

  /** The segment that holds the position; undefined when it is only in memory, or gone. */
  segmentOf(position: number): Segment | undefined {
    const segment = this.segments.find(position);
    return segment !== undefined && position < segment.end ? segment : undefined;
  }

  setEnd(end: number): void {
    this.end = end;
    this.sealedEnd = end;
  }
}
