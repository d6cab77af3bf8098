import type { DiskFile } from '@millrace/core';
import { type Batch, endOf } from './batch.ts';
import { FRAME_HEADER_BYTES, FRAME_KINDS, type Frame, frameBytesAt, readFrame } from './frame.ts';
import type { Segment } from './segment.ts';

/** Where a scan begins, and what ought to stand there. */
export interface ScanStart {
  readonly offset: number;
  readonly position: number;
  readonly arrivalMs?: number;
}

/**
 * Walks the batches of a segment, taking its bytes off the disk in portions. Every batch is checked: its
 * checksum, its log, and that it follows the one before.
 */
export class BatchScan {
  readonly #file: DiskFile;
  readonly #segment: Segment;
  readonly #segmentBytes: number;
  readonly #portionBytes: number;
  #offset: number;
  #position: number;
  /** Of the first batch, if the caller claims to know it. */
  #arrivalMs: number | undefined;

  constructor(file: DiskFile, segment: Segment, segmentBytes: number, from: ScanStart, portionBytes: number) {
    this.#file = file;
    this.#segment = segment;
    this.#segmentBytes = segmentBytes;
    this.#portionBytes = Math.max(portionBytes, FRAME_HEADER_BYTES);
    this.#offset = from.offset;
    this.#position = from.position;
    this.#arrivalMs = from.arrivalMs;
  }

  /** The batches of the next portion, at least one; none at the segment's end. */
  async next(): Promise<Batch[]> {
    // Behind its last batch a file may go on with zeros that fill up its last block.
    if (this.#offset >= this.#segmentBytes || this.#position >= this.#segment.end) return [];
    const portion = await this.#read(this.#portionBytes);
    const batches = this.#take(portion);
    if (batches.length > 0) return batches;
    const wanted = frameBytesAt(portion, 0) ?? 0;
    if (wanted <= portion.length) throw this.#damage('no intact batch');
    if (wanted > this.#segmentBytes - this.#offset) throw this.#damage(`a batch of ${wanted} bytes`);
    const whole = this.#take(await this.#read(wanted));
    if (whole.length === 0) throw this.#damage('no intact batch');
    return whole;
  }

  async #read(bytes: number): Promise<Buffer> {
    const wanted = Math.min(bytes, this.#segmentBytes - this.#offset);
    const portion = Buffer.allocUnsafeSlow(wanted);
    const got = await this.#file.read(portion, this.#offset);
    if (got < wanted) throw this.#damage(`the file ends ${wanted - got} bytes early`);
    return portion;
  }

  #take(portion: Buffer): Batch[] {
    const batches: Batch[] = [];
    for (let at = 0; ; ) {
      const frame = readFrame(portion, at);
      if (frame === undefined) return batches;
      this.#check(frame);
      batches.push(frame);
      at += frame.bytes.length;
      this.#offset += frame.bytes.length;
      this.#position = endOf(frame);
      this.#arrivalMs = undefined;
    }
  }

  #check({ kind, logNumber, position, arrivalMs }: Frame): void {
    if (kind !== FRAME_KINDS.append || logNumber !== this.#segment.logNumber) {
      throw this.#damage(`a frame of kind ${kind}, log number ${logNumber}`);
    }
    if (position !== this.#position)
      throw this.#damage(`position ${position} where ${this.#position} belongs`);
    if (arrivalMs !== (this.#arrivalMs ?? arrivalMs))
      throw this.#damage(`arrival ${arrivalMs} is not as indexed`);
  }

  #damage(reason: string): Error {
    return this.#segment.corrupt(this.#offset, reason);
  }
}
