import { Segment } from '../segment.ts';
import type { LedgerLog } from './ledger.ts';

/** The segments that the manifest names for the log and that no trim has made needless. */
export const segmentsOf = (log: LedgerLog): Segment[] => {
  const { segments = [], end = 0, lastBytes } = log.manifest ?? {};
  return segments
    .map((base, index) => {
      const next = segments[index + 1];
      return new Segment(log, base, next ?? end, next === undefined ? lastBytes : undefined);
    })
    .filter((segment) => segment.end > log.start);
};
