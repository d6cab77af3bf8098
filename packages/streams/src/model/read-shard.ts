import { type Position, positionOf } from '@millrace/core';
import type { LogEngine, LogId, ReadLimits, ReadResult } from '@millrace/log';
import { throwKeyRefusal } from './key-refusal.ts';
import { throwReadOverload } from './read-overload.ts';

/** A closed shard ends where it was closed, whatever was appended to its log after that. */
const upTo = (closedEnd: Position, { records, next, end }: ReadResult): ReadResult => ({
  records: next <= closedEnd ? records : records.filter(({ position }) => position < closedEnd),
  next: positionOf(Math.min(next, closedEnd)),
  end: positionOf(Math.min(end, closedEnd)),
});

/** As the engine reads, but nothing that arrived before the trim horizon. */
const readRetained = async (
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

/** What a reader of the shard may see: between the trim horizon and, where the shard is closed, its end. */
export const readShard = async (
  engine: LogEngine,
  log: LogId,
  from: Position,
  limits: ReadLimits,
  horizonMs: number,
  closedEnd?: Position,
): Promise<ReadResult> => {
  const result = await readRetained(engine, log, from, limits, horizonMs)
    .catch(throwKeyRefusal)
    .catch(throwReadOverload);
  return closedEnd === undefined ? result : upTo(closedEnd, result);
};
