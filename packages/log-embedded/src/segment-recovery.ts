import type { Disk } from '@millrace/core';
import type { LogId } from '@millrace/log';
import type { OnEvent } from './event.ts';
import { inParallel } from './in-parallel.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import type { Manifest, ManifestLog } from './manifest.ts';
import { indexPath, LOGS, logDirectory, numbersOf, segmentPath } from './paths.ts';
import { withFile } from './read-whole.ts';
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
  const bases = new Set(numbersOf(names, 'segment'));
  log.namedBase = entry.segments.at(-1);
  for (const segment of segmentsOf(log, entry)) log.segments.add(segment);
  raiseStart(log, bases, deps);
  for (const segment of log.segments.all) {
    if (!bases.delete(segment.base)) report(segment, 0, 'the file is missing', deps);
  }
  for (const base of bases) await deps.disk.remove(segmentPath(log.id, base));
  const kept = new Set(log.segments.all.map(({ base }) => base));
  for (const base of numbersOf(names, 'index')) {
    if (!kept.has(base)) await deps.disk.remove(indexPath(log.id, base));
  }
  await cutLast(log, deps);
};

/** Those of the manifest that are still wanted, whether they are there or not: reading tells of the damage. */
const segmentsOf = (log: LogState, { segments, end, lastBytes }: ManifestLog): Segment[] =>
  segments
    .map((base, index) => {
      const next = segments[index + 1];
      return new Segment(log, base, next ?? end, next === undefined ? lastBytes : undefined);
    })
    .filter((segment) => segment.end > log.start);

/** A full disk makes a trim free whole segments before it is in the journal: it had not been acknowledged. */
const raiseStart = (
  log: LogState,
  bases: ReadonlySet<number>,
  { table, onEvent }: SegmentRecoveryDeps,
): void => {
  const first = log.segments.all.find(({ base }) => bases.has(base)) ?? log.segments.last;
  if (first === undefined || first.base <= log.start) return;
  onEvent({ kind: 'start-raised', log: log.id, from: log.start, to: first.base });
  table.trim(log, first.base);
  log.segments.takeBefore(first.base);
};

const report = (segment: Segment, offset: number, what: string, { onEvent }: SegmentRecoveryDeps): void => {
  segment.isDamaged = true;
  onEvent({ kind: 'corrupt', error: segment.corrupt(offset, what) });
};

/** Takes off what a round left behind the end; a file that is too short is a bad disk's doing. */
const cutLast = async (log: LogState, deps: SegmentRecoveryDeps): Promise<void> => {
  const last = log.segments.last;
  if (last?.bytes === undefined || last.isDamaged) return;
  const bytes = await sizeOf(deps.disk, last);
  if (bytes < last.bytes) report(last, bytes, `${last.bytes - bytes} bytes are missing`, deps);
  if (bytes > last.bytes) await truncate(deps.disk, last, last.bytes);
};

const sizeOf = (disk: Disk, segment: Segment): Promise<number> =>
  withFile(disk, segment.path, (file) => file.size());

const truncate = (disk: Disk, segment: Segment, bytes: number): Promise<void> =>
  withFile(disk, segment.path, async (file) => {
    await file.truncate(bytes);
    await file.sync();
  });
