import type { EmbeddedLimits } from '@millrace/log-embedded';

const MIB = 1024 * 1024;

/** What one sync takes on the slow disk. */
export const SYNC_MS = 100;

/** Bounds of memory that some hundred requests fill. */
export const SLOW_LIMITS = {
  appendingBytesMax: 4 * MIB,
  appendsWaitingBytesMax: 8 * MIB,
  groupBytesMax: MIB,
  journalFileBytesMax: 8 * MIB,
  writeBehindBytes: 8 * MIB,
  dirtyBytesMax: 16 * MIB,
  cleanTailBytesMax: 4 * MIB,
} satisfies Partial<EmbeddedLimits>;
