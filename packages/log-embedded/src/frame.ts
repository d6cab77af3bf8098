import { LogError } from '@millrace/log';
import { checksum, readU64, writeU64 } from './bytes.ts';

/**
 * Everything that happens to a log is a frame, in the journal and, for appends, in its segments:
 *
 *    0  u32  checksum of all that follows, to the end of the payload
 *    4  u32  payload bytes
 *    8  u16  magic
 *   10  u8   version
 *   11  u8   kind
 *   12  u16  flags: 1 = the payload is encrypted; compression will stand here
 *   14  u16  header bytes
 *   16  u32  log number
 *   20  u32  entries in the payload
 *   24  u64  position: of the first entry, or the new start of a trim
 *   32  u64  arrival, epoch milliseconds
 *   40       payload
 */
export const FRAME_HEADER_BYTES = 40;
const MAGIC = 0x4246;
const VERSION = 1;

export const FRAME_KINDS = { append: 0, create: 1, delete: 2, trim: 3 } as const;
export type FrameKind = (typeof FRAME_KINDS)[keyof typeof FRAME_KINDS];

/** Of append frames alone. */
export const FRAME_FLAGS = { encrypted: 1 } as const;

export interface Frame {
  readonly kind: number;
  readonly logNumber: number;
  readonly count: number;
  readonly position: number;
  readonly arrivalMs: number;
  /** Header and payload. */
  readonly bytes: Buffer;
}

/** What is known only when a frame's turn in the journal has come. */
export interface Seal {
  readonly logNumber: number;
  readonly position: number;
  readonly arrivalMs: number;
}

/** Gives memory for a frame; not cleared. */
export type Allocate = (bytes: number) => Buffer;

interface FrameOptions {
  readonly count?: number;
  readonly flags?: number;
  readonly allocate?: Allocate | undefined;
}

/** A frame whose payload is still to be filled, and then to be sealed. */
export const newFrame = (
  kind: FrameKind,
  payloadBytes: number,
  { count = 0, flags = 0, allocate = Buffer.allocUnsafe }: FrameOptions = {},
): Buffer => {
  const bytes = allocate(FRAME_HEADER_BYTES + payloadBytes);
  bytes.writeUInt32LE(payloadBytes, 4);
  bytes.writeUInt16LE(MAGIC, 8);
  bytes[10] = VERSION;
  bytes[11] = kind;
  bytes.writeUInt16LE(flags, 12);
  bytes.writeUInt16LE(FRAME_HEADER_BYTES, 14);
  bytes.writeUInt32LE(count, 20);
  return bytes;
};

export const flagsOf = (bytes: Buffer): number => bytes.readUInt16LE(12);

/** `fillPayload` is for a payload that depends on the header. */
export const sealFrame = (bytes: Buffer, seal: Seal, fillPayload?: () => void): void => {
  bytes.writeUInt32LE(seal.logNumber, 16);
  writeU64(bytes, seal.position, 24);
  writeU64(bytes, seal.arrivalMs, 32);
  fillPayload?.();
  bytes.writeUInt32LE(checksum(bytes.subarray(4)), 0);
};

/** The length that the header at `offset` claims; undefined when no header stands there. Not yet checked. */
export const frameBytesAt = (source: Buffer, offset: number): number | undefined => {
  if (source.length - offset < FRAME_HEADER_BYTES || source.readUInt16LE(offset + 8) !== MAGIC)
    return undefined;
  return FRAME_HEADER_BYTES + source.readUInt32LE(offset + 4);
};

/** The frame at `offset`, a view of `source`; undefined when none stands there whole and intact. */
export const readFrame = (source: Buffer, offset: number): Frame | undefined => {
  const length = frameBytesAt(source, offset);
  if (length === undefined || length > source.length - offset) return undefined;
  const bytes = source.subarray(offset, offset + length);
  if (checksum(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return undefined;
  requireKnown(bytes);
  return {
    kind: bytes.readUInt8(11),
    logNumber: bytes.readUInt32LE(16),
    count: bytes.readUInt32LE(20),
    position: readU64(bytes, 24),
    arrivalMs: readU64(bytes, 32),
    bytes,
  };
};

/** An intact frame that we cannot read is not a torn one: cutting it off would lose data. */
const requireKnown = (bytes: Buffer): void => {
  const [version, kind] = [bytes.readUInt8(10), bytes.readUInt8(11)];
  const [flags, headerBytes] = [flagsOf(bytes), bytes.readUInt16LE(14)];
  const knownFlags = kind === FRAME_KINDS.append ? FRAME_FLAGS.encrypted : 0;
  const isKnown = version === VERSION && kind <= FRAME_KINDS.trim && (flags & ~knownFlags) === 0;
  if (isKnown && headerBytes === FRAME_HEADER_BYTES) return;
  throw new LogError(
    'corrupt',
    `a frame of version ${version}, kind ${kind}, flags ${flags}: written by a newer release?`,
  );
};
