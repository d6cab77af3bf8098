import { crc32 } from 'node:zlib';

/** All numbers on disk are little-endian. */
const TWO_32 = 0x1_0000_0000;

/** For whole numbers up to 2^53 - 1. */
export const writeU64 = (target: Buffer, value: number, offset: number): void => {
  target.writeUInt32LE(value >>> 0, offset);
  target.writeUInt32LE(Math.floor(value / TWO_32), offset + 4);
};

export const readU64 = (source: Buffer, offset: number): number =>
  source.readUInt32LE(offset) + source.readUInt32LE(offset + 4) * TWO_32;

/**
 * CRC-32 as in IEEE 802.3: Node has it native, where CRC-32C would be JavaScript at a third of the speed.
 * `start` continues an earlier checksum.
 */
export const checksum = (bytes: Uint8Array, start = 0): number => crc32(bytes, start);
