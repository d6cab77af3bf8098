import type { Stream } from '@millrace/catalog';

const HOUR_MS = 3_600_000;

/** Records that arrived before this are gone, whether or not their space has been freed. */
export const trimHorizonMs = ({ retentionHours }: Stream, nowMs: number): number =>
  nowMs - retentionHours * HOUR_MS;
