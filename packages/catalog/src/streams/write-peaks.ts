import { openShardsOf } from './shards.ts';
import type { Stream } from './stream.ts';

const DAY_MS = 86_400_000;

/** How long a busy moment counts for on-demand scaling (AWS's documentation). */
const PEAK_DAYS = 30;

/** Busiest moment of a day, in shards that it would fill; a day is counted from the epoch. */
export type WritePeak = readonly [day: number, shards: number];

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** One entry per day that had writes, the oldest first, so never more than there are days. */
export const withWritePeak = (stream: Stream, shards: number, atMs: number): Stream => {
  const today = dayOf(atMs);
  const peaks = new Map(stream.writePeaks);
  peaks.set(today, Math.max(peaks.get(today) ?? 0, shards));
  const writePeaks = [...peaks].filter(([day]) => day > today - PEAK_DAYS).sort(([a], [b]) => a - b);
  return { ...stream, writePeaks };
};

/** The busiest moment of the last days, today's included; 0 when there was none. */
export const writePeakOf = ({ writePeaks = [] }: Stream, nowMs: number, days = PEAK_DAYS): number => {
  const after = dayOf(nowMs) - days;
  return writePeaks.reduce((most, [day, shards]) => (day > after ? Math.max(most, shards) : most), 0);
};

/** A stream that comes from provisioned mode keeps its shards as if they had been in use up to now. */
export const asIfInUse = (stream: Stream, atMs: number): Stream =>
  withWritePeak(stream, openShardsOf(stream).length / 2, atMs);
