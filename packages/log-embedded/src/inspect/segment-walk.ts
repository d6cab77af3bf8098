import { type DiskFile, DURABLE_BLOCK_BYTES } from '@millrace/core';
import { APPEND_BYTES_MAX, APPEND_ENTRIES_MAX } from '@millrace/log';
import { endOf } from '../batch.ts';
import { FRAME_HEADER_BYTES, FRAME_KINDS, type Frame, frameBytesAt, readFrame } from '../frame.ts';

const PORTION_BYTES = 1024 * 1024;
/** No batch is longer: what an append may hold, 8 bytes for each entry, and room for headers and encryption. */
const BATCH_BYTES_MAX = APPEND_BYTES_MAX + APPEND_ENTRIES_MAX * 8 + 1024;
/** The frame's magic stands so many bytes behind its beginning. */
const MAGIC_OFFSET = 8;
const MAGIC = Buffer.from('FB');

/** What ought to stand in the file. */
export interface WalkPlan {
  /** Undefined: that of the first batch. */
  readonly logNumber: number | undefined;
  /** Where the first batch stands. */
  readonly offset: number;
  /** Position of the first batch. */
  readonly position: number;
  /** Position after the last batch; undefined when it is not known. */
  readonly end: number | undefined;
  /** Of the file, header included. */
  readonly bytes: number;
}

export interface WalkedBatch {
  readonly kind: 'batch';
  readonly offset: number;
  /** Its bytes are good until the next portion is asked for. */
  readonly frame: Frame;
}

/** Bytes that are no batch of this place, and the positions that are missing for it. */
export interface WalkedDamage {
  readonly kind: 'damage';
  readonly offset: number;
  readonly endOffset: number;
  readonly reason: string;
  /** First position that is missing. */
  readonly from: number;
  /** Position after the last one that is missing; `from` when none is. */
  readonly to: number;
}

export type WalkStep = WalkedBatch | WalkedDamage;

interface Lost {
  readonly offset: number;
  readonly reason: string;
}

/** Walks all batches of a segment in portions, and goes on behind damage with the next batch that is intact. */
export class SegmentWalk {
  readonly #file: DiskFile;
  readonly #plan: WalkPlan;
  readonly #portionBytes: number;
  #portion: Buffer;
  #offset: number;
  #position: number;
  #arrivalMs = 0;
  #logNumber: number | undefined;
  #lost: Lost | undefined;
  #isAtEnd = false;

  /** A portion holds at least a frame's header. */
  constructor(file: DiskFile, plan: WalkPlan, portionBytes = PORTION_BYTES) {
    this.#portionBytes = portionBytes;
    this.#portion = Buffer.allocUnsafeSlow(Math.min(portionBytes, plan.bytes));
    this.#file = file;
    this.#plan = plan;
    this.#offset = plan.offset;
    this.#position = plan.position;
    this.#logNumber = plan.logNumber;
  }

  /** What the next portion holds; undefined at the end. */
  async next(): Promise<WalkStep[] | undefined> {
    const steps: WalkStep[] = [];
    while (steps.length === 0 && !this.#isAtEnd) await this.#walk(steps);
    return steps.length > 0 ? steps : undefined;
  }

  async #walk(steps: WalkStep[]): Promise<void> {
    let portion = await this.#read(this.#portionBytes);
    const claimed = frameBytesAt(portion, 0) ?? 0;
    if (claimed > portion.length && this.#mayBe(claimed)) portion = await this.#read(claimed);
    const walked = this.#take(portion, steps);
    this.#offset += walked;
    if (this.#offset < this.#plan.bytes && walked > 0) return;
    if (this.#offset < this.#plan.bytes) this.#lose('the file ends early');
    this.#isAtEnd = true;
    this.#find(this.#plan.bytes, this.#plan.end ?? this.#position, steps);
  }

  async #read(bytes: number): Promise<Buffer> {
    const wanted = Math.min(bytes, this.#plan.bytes - this.#offset);
    if (wanted > this.#portion.length) this.#portion = Buffer.allocUnsafeSlow(wanted);
    const target = this.#portion.subarray(0, wanted);
    return target.subarray(0, await this.#file.read(target, this.#offset));
  }

  /** A length that a batch from here on may have. */
  #mayBe(bytes: number, at = 0): boolean {
    return bytes <= BATCH_BYTES_MAX && bytes <= this.#plan.bytes - this.#offset - at;
  }

  /** Zeros behind the last batch that fill up its block. */
  #isFilling(rest: Buffer): boolean {
    const isAtEnd = this.#position === this.#plan.end && this.#lost === undefined;
    return isAtEnd && rest.length < DURABLE_BLOCK_BYTES && rest.every((byte) => byte === 0);
  }

  /** Returns how many bytes of the portion are done with. */
  #take(portion: Buffer, steps: WalkStep[]): number {
    const isLast = this.#offset + portion.length >= this.#plan.bytes;
    let at = 0;
    while (at < portion.length) {
      if (isLast && this.#isFilling(portion.subarray(at))) return portion.length;
      const length = frameBytesAt(portion, at) ?? 0;
      const isWhole = length <= portion.length - at;
      if (length > 0 && !isWhole && at > 0 && this.#mayBe(length, at)) return at;
      const frame = isWhole ? this.#frameAt(portion, at) : undefined;
      if (frame !== undefined) {
        this.#accept(frame, this.#offset + at, steps);
        at += frame.bytes.length;
        continue;
      }
      if (!isLast && at > 0 && portion.length - at < FRAME_HEADER_BYTES) return at;
      this.#lose('no intact batch', at);
      const next = portion.indexOf(MAGIC, at + MAGIC_OFFSET + 1);
      at = next < 0 ? this.#keepTail(portion, at, isLast) : next - MAGIC_OFFSET;
      if (next < 0) return at;
    }
    return at;
  }

  /** No batch begins in the rest of the portion, but for its last bytes, which may hold half a magic. */
  #keepTail(portion: Buffer, at: number, isLast: boolean): number {
    return isLast ? portion.length : Math.max(at + 1, portion.length - MAGIC_OFFSET - 1);
  }

  #lose(reason: string, at = 0): void {
    this.#lost ??= { offset: this.#offset + at, reason };
  }

  /** The batch that stands there, if it is one that may. */
  #frameAt(portion: Buffer, at: number): Frame | undefined {
    let frame: Frame | undefined;
    try {
      frame = readFrame(portion, at);
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error), at);
    }
    if (frame === undefined) return undefined;
    const { kind, logNumber, position, count } = frame;
    if (kind !== FRAME_KINDS.append || logNumber !== (this.#logNumber ?? logNumber)) {
      this.#lose(`a frame of kind ${kind}, log number ${logNumber}`, at);
      return undefined;
    }
    const isHere =
      position >= this.#position &&
      position + count <= (this.#plan.end ?? Number.MAX_SAFE_INTEGER) &&
      count > 0;
    if (isHere) return frame;
    this.#lose(`positions ${position} to ${position + count - 1} where ${this.#position} belongs`, at);
    return undefined;
  }

  #accept(frame: Frame, offset: number, steps: WalkStep[]): void {
    const { position, arrivalMs, logNumber } = frame;
    this.#logNumber ??= logNumber;
    this.#find(offset, position, steps);
    if (arrivalMs < this.#arrivalMs) {
      const reason = `arrival ${arrivalMs} after ${this.#arrivalMs}`;
      steps.push({ kind: 'damage', offset, endOffset: offset, reason, from: position, to: position });
    }
    this.#arrivalMs = Math.max(this.#arrivalMs, arrivalMs);
    this.#position = endOf(frame);
    steps.push({ kind: 'batch', offset, frame });
  }

  /** Tells of the damage, or the mere gap, that ends here. */
  #find(endOffset: number, to: number, steps: WalkStep[]): void {
    const from = this.#position;
    const gap = from < to ? { offset: endOffset, reason: 'positions are missing' } : undefined;
    const lost = this.#lost ?? gap;
    if (lost !== undefined) steps.push({ kind: 'damage', ...lost, endOffset, from, to: Math.max(from, to) });
    this.#lost = undefined;
    this.#position = Math.max(from, to);
  }
}
