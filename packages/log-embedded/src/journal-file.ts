import { checksum, readU64, writeU64 } from './bytes.ts';
import { type Frame, readFrame } from './frame.ts';

/**
 * A journal file begins with this:
 *
 *    0  u32  magic, "MRJL"
 *    4  u16  version
 *    6  u16  flags: 1 = every group was synced before the next was written
 *    8  u64  file number, as in its name
 *   16  u64  made at, epoch milliseconds
 *   24  u32  0
 *   28  u32  checksum of the bytes before it; also the file's salt
 *
 * Then come groups: each one write and one sync. A group is the frames that became durable together, behind
 *
 *    0  u32  magic, "MRJG"
 *    4  u32  group number: 1, 2, … in each file
 *    8  u32  bytes of its frames
 *   12  u32  count of its frames
 *   16  u32  0
 *   20  u32  checksum of the bytes before it, continuing from the salt: no group of another file passes for one
 *            of this file, and no record's value passes for a group
 *
 * A group is there whole or not at all. Since a group is written only after the one before it is safe, damage
 * with a group behind it is no crash's doing.
 */
export const JOURNAL_HEADER_BYTES = 32;
export const GROUP_HEADER_BYTES = 24;
const FILE_MAGIC = 0x4c4a524d;
const GROUP_MAGIC = 0x474a524d;
const VERSION = 1;
const SYNCED = 1;

export interface JournalHeader {
  readonly number: number;
  readonly isSynced: boolean;
  readonly createdMs: number;
}

export const encodeJournalHeader = ({ number, isSynced, createdMs }: JournalHeader): Buffer => {
  const bytes = Buffer.alloc(JOURNAL_HEADER_BYTES);
  bytes.writeUInt32LE(FILE_MAGIC, 0);
  bytes.writeUInt16LE(VERSION, 4);
  bytes.writeUInt16LE(isSynced ? SYNCED : 0, 6);
  writeU64(bytes, number, 8);
  writeU64(bytes, createdMs, 16);
  bytes.writeUInt32LE(checksum(bytes.subarray(0, 28)), 28);
  return bytes;
};

export const saltOf = (header: Buffer): number => header.readUInt32LE(28);

/** Undefined when no header stands there intact. */
const decodeJournalHeader = (bytes: Buffer): (JournalHeader & { readonly version: number }) | undefined => {
  if (bytes.length < JOURNAL_HEADER_BYTES || bytes.readUInt32LE(0) !== FILE_MAGIC) return undefined;
  if (checksum(bytes.subarray(0, 28)) !== saltOf(bytes)) return undefined;
  const isSynced = (bytes.readUInt16LE(6) & SYNCED) !== 0;
  return {
    version: bytes.readUInt16LE(4),
    number: readU64(bytes, 8),
    isSynced,
    createdMs: readU64(bytes, 16),
  };
};

export const encodeGroupHeader = (salt: number, number: number, frames: readonly Buffer[]): Buffer => {
  const bytes = Buffer.alloc(GROUP_HEADER_BYTES);
  bytes.writeUInt32LE(GROUP_MAGIC, 0);
  bytes.writeUInt32LE(number, 4);
  bytes.writeUInt32LE(
    frames.reduce((sum, frame) => sum + frame.length, 0),
    8,
  );
  bytes.writeUInt32LE(frames.length, 12);
  bytes.writeUInt32LE(checksum(bytes.subarray(0, 20), salt), 20);
  return bytes;
};

interface GroupHeader {
  readonly number: number;
  readonly frameBytes: number;
  readonly frameCount: number;
}

const decodeGroupHeader = (file: Buffer, offset: number, salt: number): GroupHeader | undefined => {
  if (file.length - offset < GROUP_HEADER_BYTES || file.readUInt32LE(offset) !== GROUP_MAGIC)
    return undefined;
  if (checksum(file.subarray(offset, offset + 20), salt) !== file.readUInt32LE(offset + 20)) return undefined;
  const [number, frameBytes] = [file.readUInt32LE(offset + 4), file.readUInt32LE(offset + 8)];
  return { number, frameBytes, frameCount: file.readUInt32LE(offset + 12) };
};

/** The frames of the group at `offset`; undefined unless it is there whole. */
const readGroup = (file: Buffer, offset: number, salt: number, number: number): Frame[] | undefined => {
  const header = decodeGroupHeader(file, offset, salt);
  if (header === undefined || header.number !== number) return undefined;
  const start = offset + GROUP_HEADER_BYTES;
  if (header.frameBytes > file.length - start) return undefined;
  const content = file.subarray(start, start + header.frameBytes);
  const frames: Frame[] = [];
  for (let at = 0; at < content.length; ) {
    const frame = readFrame(content, at);
    if (frame === undefined) return undefined;
    frames.push(frame);
    at += frame.bytes.length;
  }
  return frames.length === header.frameCount ? frames : undefined;
};

const hasGroupAfter = (file: Buffer, offset: number, salt: number, number: number): boolean => {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(GROUP_MAGIC);
  for (let at = file.indexOf(magic, offset); at >= 0; at = file.indexOf(magic, at + 1)) {
    if ((decodeGroupHeader(file, at, salt)?.number ?? 0) > number) return true;
  }
  return false;
};

export interface JournalDamage {
  readonly offset: number;
  /** Nothing that was safe is lost: this was the last group, and its sync had not returned. */
  readonly isTorn: boolean;
}

export interface JournalContents {
  /** Undefined when the header is damaged; then there are no groups. */
  readonly header: (JournalHeader & { readonly version: number }) | undefined;
  /** The frames of all groups before the damage. */
  readonly frames: readonly Frame[];
  readonly damage: JournalDamage | undefined;
}

/** Takes a journal file apart, up to its end or the first damage. */
export const readJournalFile = (file: Buffer): JournalContents => {
  const header = decodeJournalHeader(file);
  if (header === undefined) {
    return { header, frames: [], damage: { offset: 0, isTorn: file.length <= JOURNAL_HEADER_BYTES } };
  }
  const salt = saltOf(file);
  const frames: Frame[] = [];
  let offset = JOURNAL_HEADER_BYTES;
  for (let number = 1; offset < file.length; number++) {
    const group = readGroup(file, offset, salt, number);
    if (group === undefined) {
      const isTorn = !header.isSynced || !hasGroupAfter(file, offset, salt, number);
      return { header, frames, damage: { offset, isTorn } };
    }
    for (const frame of group) frames.push(frame);
    offset += GROUP_HEADER_BYTES + group.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
  return { header, frames, damage: undefined };
};
