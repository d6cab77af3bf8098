import type { Disk } from '@millrace/core';
import { LogError, type LogId } from '@millrace/log';
import { isNotFound } from './errors.ts';
import type { OnEvent } from './event.ts';
import { inParallel } from './in-parallel.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import type { Manifest, ManifestLog } from './manifest.ts';
import { indexPath, LOGS, logDirectory, numbersOf, segmentPath } from './paths.ts';
import { Segment } from './segment.ts';

interface SegmentRecoveryDeps {
  readonly disk: Disk;
  readonly table: LogTable;
  readonly onEvent: OnEvent;
  readonly parallelFilesMax: number;
}

/**
 * Finds the segments that the manifest vouches for and removes everything else: what a round of write-behind
 * left half done (the journal has it), and what was trimmed or deleted. No data is read.
 */
export const recoverSegments = async (manifest: Manifest, deps: SegmentRecoveryDeps): Promise<void> => {
  const { disk, table, parallelFilesMax } = deps;
  const known = new Map<string, ManifestLog>();
  for (const entry of manifest.logs)
    if (table.byNumber(entry.number) !== undefined) known.set(entry.id, entry);
  const directories = await disk.list(LOGS);
  const strays = directories.filter((name) => !known.has(name));
  for (const name of strays) await disk.remove(logDirectory(name as LogId));
  if (strays.length > 0) await disk.syncDirectory(LOGS);
  await inParallel(known.values(), parallelFilesMax, async (entry) => {
    const log = table.byNumber(entry.number);
    if (log !== undefined) await recoverLog(log, entry, deps);
  });
};

const recoverLog = async (log: LogState, entry: ManifestLog, deps: SegmentRecoveryDeps): Promise<void> => {
  const names = await deps.disk.list(logDirectory(log.id));
  for (const segment of segmentsOf(log, entry, numbersOf(names, 'segment'))) log.segments.add(segment);
  const kept = new Set(log.segments.all.map(({ base }) => base));
  for (const base of numbersOf(names, 'segment')) {
    if (!kept.has(base)) await deps.disk.remove(segmentPath(log.id, base));
  }
  for (const base of numbersOf(names, 'index')) {
    if (!kept.has(base)) await deps.disk.remove(indexPath(log.id, base));
  }
  raiseStart(log, deps);
  await cutLast(log, deps);
};

/** The last one is in the list even when its file is not: reading it then tells of the damage. */
const segmentsOf = (log: LogState, entry: ManifestLog, bases: readonly number[]): Segment[] => {
  const last = entry.segment;
  log.namedBase = last?.base;
  if (last === null) return [];
  const segments = bases
    .filter((base) => base < last.base)
    .map((base, index, earlier) => new Segment(log, base, earlier[index + 1] ?? last.base));
  segments.push(new Segment(log, last.base, entry.end, last.bytes));
  return segments.filter(({ end }) => end > log.start);
};

/** A full disk makes a trim free whole segments before it is in the journal: it had not been acknowledged. */
const raiseStart = (log: LogState, { table, onEvent }: SegmentRecoveryDeps): void => {
  const first = log.segments.all[0];
  if (first === undefined || first.base <= log.start) return;
  onEvent({ kind: 'start-raised', log: log.id, from: log.start, to: first.base });
  table.trim(log, first.base);
};

/** Takes off what a round left behind the end; a file that is too short is a bad disk's doing. */
const cutLast = async (log: LogState, { disk, onEvent }: SegmentRecoveryDeps): Promise<void> => {
  const last = log.segments.last;
  if (last?.bytes === undefined) return;
  const bytes = await sizeOf(disk, last);
  if (bytes < last.bytes) {
    last.isDamaged = true;
    const error = new LogError(
      'corrupt',
      `${last.path} at byte ${bytes}: ${last.bytes - bytes} bytes are missing`,
    );
    onEvent({ kind: 'corrupt', error });
  }
  if (bytes > last.bytes) await truncate(disk, last, last.bytes);
};

const sizeOf = async (disk: Disk, segment: Segment): Promise<number> => {
  try {
    const file = await disk.open(segment.path);
    try {
      return await file.size();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isNotFound(error)) return 0;
    throw error;
  }
};

const truncate = async (disk: Disk, segment: Segment, bytes: number): Promise<void> => {
  const file = await disk.open(segment.path);
  try {
    await file.truncate(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
};
