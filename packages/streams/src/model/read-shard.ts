import type { Position } from '@millrace/core';
import type { LogEngine, LogId, ReadLimits, ReadResult } from '@millrace/log';

/** As the engine reads, but nothing that arrived before the trim horizon. */
export const readShard = async (
  engine: LogEngine,
  log: LogId,
  from: Position,
  limits: ReadLimits,
  horizonMs: number,
): Promise<ReadResult> => {
  const result = await engine.read(log, from, limits);
  const [first] = result.records;
  // Arrival times never fall within a log: the first record tells for all.
  if (first === undefined || first.arrivalMs >= horizonMs) return result;
  return engine.read(log, await engine.findByTime(log, horizonMs), limits);
};
