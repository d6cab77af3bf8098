import { checksum, readU64, writeU64 } from './bytes.ts';
import { type Frame, readFrame } from './frame.ts';

/**
 * A journal file begins with this:
 *
 *    0  u32  magic, "MRJL"
 *    4  u16  version
 *    6  u16  flags: 1 = every group was synced before the next was written; 2 = the file was another one before
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
 *   16  u32  the checksums of its frames mixed, beginning with the salt
 *   20  u32  where the groups of the file before this one end
 *   24  u32  0
 *   28  u32  checksum of the bytes before it, continuing from the salt
 *
 * By the salt, nothing that stands here from a former life of the file passes for a group of this one or for a
 * part of it, nor does any record's value. A group is there whole or not at all. Since a group is written only
 * after the one before it is safe, damage with a group behind it is no crash's doing.
 */
export const JOURNAL_HEADER_BYTES = 32;
export const GROUP_HEADER_BYTES = 32;
export const JOURNAL_VERSION = 2;
const FILE_MAGIC = 0x4c4a524d;
const GROUP_MAGIC = 0x474a524d;
const FLAGS = { synced: 1, reused: 2 } as const;

export interface JournalHeader {
  readonly number: number;
  readonly isSynced: boolean;
  /** Behind the last group there may be anything. */
  readonly isReused: boolean;
  readonly createdMs: number;
}

export const encodeJournalHeader = (header: JournalHeader): Buffer => {
  const { number, isSynced, isReused, createdMs } = header;
  const bytes = Buffer.alloc(JOURNAL_HEADER_BYTES);
  bytes.writeUInt32LE(FILE_MAGIC, 0);
  bytes.writeUInt16LE(JOURNAL_VERSION, 4);
  bytes.writeUInt16LE((isSynced ? FLAGS.synced : 0) | (isReused ? FLAGS.reused : 0), 6);
  writeU64(bytes, number, 8);
  writeU64(bytes, createdMs, 16);
  bytes.writeUInt32LE(checksum(bytes.subarray(0, 28)), 28);
  return bytes;
};

export const saltOf = (header: Buffer): number => header.readUInt32LE(28);

interface DecodedHeader extends JournalHeader {
  readonly version: number;
}

/** Undefined when no header stands there intact. */
const decodeJournalHeader = (bytes: Buffer): DecodedHeader | undefined => {
  if (bytes.length < JOURNAL_HEADER_BYTES || bytes.readUInt32LE(0) !== FILE_MAGIC) return undefined;
  if (checksum(bytes.subarray(0, 28)) !== saltOf(bytes)) return undefined;
  const flags = bytes.readUInt16LE(6);
  return {
    version: bytes.readUInt16LE(4),
    number: readU64(bytes, 8),
    isSynced: (flags & FLAGS.synced) !== 0,
    isReused: (flags & FLAGS.reused) !== 0,
    createdMs: readU64(bytes, 16),
  };
};

const rotated = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/**
 * Of the checksums of sealed frames: binds them to the file without reading all of them again. Mixed as MurmurHash3
 * mixes words, since a CRC would not do: it is linear, so that what two stale frames change can cancel out.
 */
const checksumOfFrames = (salt: number, frames: readonly Buffer[]): number => {
  let sum = salt;
  for (const frame of frames) {
    const word = Math.imul(rotated(Math.imul(frame.readUInt32LE(0), 0xcc9e2d51), 15), 0x1b873593);
    sum = Math.imul(rotated(sum ^ word, 13), 5) + 0xe6546b64;
  }
  return sum >>> 0;
};

export interface GroupPlace {
  readonly salt: number;
  readonly number: number;
  /** Of the file before the one that the group is in. */
  readonly previousEnd: number;
}

export const encodeGroupHeader = (place: GroupPlace, frames: readonly Buffer[]): Buffer => {
  const { salt, number, previousEnd } = place;
  const bytes = Buffer.alloc(GROUP_HEADER_BYTES);
  bytes.writeUInt32LE(GROUP_MAGIC, 0);
  bytes.writeUInt32LE(number, 4);
  bytes.writeUInt32LE(
    frames.reduce((sum, frame) => sum + frame.length, 0),
    8,
  );
  bytes.writeUInt32LE(frames.length, 12);
  bytes.writeUInt32LE(checksumOfFrames(salt, frames), 16);
  bytes.writeUInt32LE(previousEnd, 20);
  bytes.writeUInt32LE(checksum(bytes.subarray(0, 28), salt), 28);
  return bytes;
};

interface GroupHeader {
  readonly number: number;
  readonly frameBytes: number;
  readonly frameCount: number;
  readonly framesChecksum: number;
  readonly previousEnd: number;
}

const decodeGroupHeader = (file: Buffer, offset: number, salt: number): GroupHeader | undefined => {
  if (file.length - offset < GROUP_HEADER_BYTES || file.readUInt32LE(offset) !== GROUP_MAGIC)
    return undefined;
  if (checksum(file.subarray(offset, offset + 28), salt) !== file.readUInt32LE(offset + 28)) return undefined;
  return {
    number: file.readUInt32LE(offset + 4),
    frameBytes: file.readUInt32LE(offset + 8),
    frameCount: file.readUInt32LE(offset + 12),
    framesChecksum: file.readUInt32LE(offset + 16),
    previousEnd: file.readUInt32LE(offset + 20),
  };
};

/** The frames of the group at `offset`; undefined unless it is there whole. */
const readGroup = (file: Buffer, offset: number, salt: number, header: GroupHeader): Frame[] | undefined => {
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
  const sum = checksumOfFrames(
    salt,
    frames.map(({ bytes }) => bytes),
  );
  return frames.length === header.frameCount && sum === header.framesChecksum ? frames : undefined;
};

const hasGroupAfter = (file: Buffer, offset: number, salt: number, number: number): boolean => {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(GROUP_MAGIC);
  for (let at = file.indexOf(magic, offset); at >= 0; at = file.indexOf(magic, at + 1)) {
    if ((decodeGroupHeader(file, at, salt)?.number ?? 0) > number) return true;
  }
  return false;
};

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

export interface JournalDamage {
  readonly offset: number;
  /** Nothing that was safe is lost: the sync of this group had not returned. */
  readonly isTorn: boolean;
}

export interface JournalContents {
  /** Undefined when the header is damaged; then there are no groups. */
  readonly header: DecodedHeader | undefined;
  /** The frames of all groups before the damage. */
  readonly frames: readonly Frame[];
  /** Where the last of these groups ends. */
  readonly end: number;
  /** Where those of the file before this one end; undefined when that cannot be told, for want of a group. */
  readonly previousEnd: number | undefined;
  readonly damage: JournalDamage | undefined;
}

/** Takes a journal file apart, up to its end or the first damage. */
export const readJournalFile = (file: Buffer): JournalContents => {
  const header = decodeJournalHeader(file);
  const frames: Frame[] = [];
  if (header?.version !== JOURNAL_VERSION) {
    const damage = header === undefined ? { offset: 0, isTorn: false } : undefined;
    return { header, frames, end: 0, previousEnd: undefined, damage };
  }
  const salt = saltOf(file);
  const first = decodeGroupHeader(file, JOURNAL_HEADER_BYTES, salt);
  const previousEnd = first?.number === 1 ? first.previousEnd : undefined;
  let end = JOURNAL_HEADER_BYTES;
  for (let number = 1; end < file.length; number++) {
    const groupHeader = decodeGroupHeader(file, end, salt);
    const isNext = groupHeader?.number === number;
    const group = isNext ? readGroup(file, end, salt, groupHeader) : undefined;
    if (group === undefined) {
      const isGoingOn = hasGroupAfter(file, end, salt, number);
      const damage = { offset: end, isTorn: !header.isSynced || !isGoingOn };
      // What stood there before is no damage, nor what a disk fills its last block with, as long as there is no sign
      // of a group of this file.
      const mayStay = header.isReused || isBlank(file.subarray(end));
      const isClean = mayStay && !isNext && !isGoingOn;
      return { header, frames, end, previousEnd, damage: isClean ? undefined : damage };
    }
    for (const frame of group) frames.push(frame);
    end += GROUP_HEADER_BYTES + group.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
  return { header, frames, end, previousEnd, damage: undefined };
};
