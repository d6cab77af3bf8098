import type { Shard, Stream } from './stream.ts';

const HOUR_MS = 3_600_000;

/** Records that arrived before this are gone for ever, whether or not their space has been freed. */
export const trimHorizonMs = ({ retentionHours, trimmedBeforeMs = 0 }: Stream, nowMs: number): number =>
  Math.max(trimmedBeforeMs, nowMs - retentionHours * HOUR_MS);

/** Closed, and all that was ever in it has expired. */
export const isExpired = ({ closed }: Shard, horizonMs: number): boolean =>
  closed !== undefined && closed.atMs < horizonMs;
