import { LogError, type LogId } from '@millrace/log';
import { checksum, readU64, writeU64 } from './bytes.ts';
import { indexPath, segmentPath } from './paths.ts';
import type { SparseIndex } from './sparse-index.ts';

/**
 * A segment file begins with this, then come the log's batches one after the other:
 *
 *    0  u32  magic, "MRSG"
 *    4  u16  version
 *    6  u16  header bytes
 *    8  u32  log number
 *   12  u32  0
 *   16  u64  position of the first batch
 *   24  u32  0
 *   28  u32  checksum of the bytes before it
 */
export const SEGMENT_HEADER_BYTES = 32;
const MAGIC = 0x4753524d;
const VERSION = 1;

/** A stretch of one log in a file. Only the log's last segment grows. */
export class Segment {
  readonly log: LogId;
  readonly logNumber: number;
  /** Position of its first batch. */
  readonly base: number;
  /** Position after its last batch. */
  end: number;
  /** Of the file, header included; undefined until somebody has looked. */
  bytes: number | undefined;
  /** When its first batch arrived; undefined until somebody has looked. */
  firstArrivalMs: number | undefined;
  /** Read when needed, dropped with the open file. */
  index: SparseIndex | undefined;
  indexLoading: Promise<SparseIndex> | undefined;
  /** Found damaged; it does not grow any more. */
  isDamaged = false;

  constructor(
    owner: { readonly id: LogId; readonly number: number },
    base: number,
    end: number,
    bytes?: number,
  ) {
    this.log = owner.id;
    this.logNumber = owner.number;
    this.base = base;
    this.end = end;
    this.bytes = bytes;
  }

  get path(): string {
    return segmentPath(this.log, this.base);
  }

  get indexPath(): string {
    return indexPath(this.log, this.base);
  }

  corrupt(offset: number, reason: string): LogError {
    return new LogError('corrupt', `${this.path} at byte ${offset}: ${reason}`);
  }
}

export const encodeSegmentHeader = (segment: Segment): Buffer => {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(SEGMENT_HEADER_BYTES, 6);
  header.writeUInt32LE(segment.logNumber, 8);
  writeU64(header, segment.base, 16);
  header.writeUInt32LE(checksum(header.subarray(0, 28)), 28);
  return header;
};

/** Throws `corrupt` unless the header is the one that was written for this segment. */
export const checkSegmentHeader = (segment: Segment, header: Buffer): void => {
  const isIntact = header.readUInt32LE(28) === checksum(header.subarray(0, 28));
  if (!isIntact || header.readUInt32LE(0) !== MAGIC) throw segment.corrupt(0, 'no segment header');
  const version = header.readUInt16LE(4);
  if (version !== VERSION) throw segment.corrupt(0, `version ${version} is not known`);
  const [logNumber, base] = [header.readUInt32LE(8), readU64(header, 16)];
  if (logNumber === segment.logNumber && base === segment.base) return;
  throw segment.corrupt(0, `belongs to log number ${logNumber}, position ${base}`);
};
