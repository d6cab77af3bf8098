import { type Disk, DURABLE_BLOCK_BYTES } from '@millrace/core';
import { LogError } from '@millrace/log';
import type { OnEvent } from './event.ts';
import { JOURNAL_HEADER_BYTES } from './journal-file.ts';
import { type JournalFiles, recoverJournal, removeJournalBefore } from './journal-recovery.ts';
import type { EmbeddedLimits } from './limits.ts';
import { LogTable } from './log-table.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { JOURNAL, journalPath, LOGS, MANIFEST, MANIFEST_NEW, numbersOf, ROOT } from './paths.ts';
import { readWhole } from './read-whole.ts';
import { Replay, type ReplayCount } from './replay.ts';
import { recoverSegments } from './segment-recovery.ts';
import { TailMemory } from './tail-memory.ts';

export interface RecoveryDeps {
  readonly disk: Disk;
  readonly limits: EmbeddedLimits;
  readonly onEvent: OnEvent;
}

export interface Recovered {
  readonly table: LogTable;
  readonly journalFiles: JournalFiles;
  readonly count: ReplayCount;
  /** Nothing was there; the first manifest is still to be written. */
  readonly isNew: boolean;
}

const FIRST_JOURNAL_FILE = 1;

/** The manifest is written right after the first journal file is made; until then nothing can be in the store. */
const requireNothingThere = async (disk: Disk): Promise<void> => {
  const journalFiles = numbersOf(await disk.list(JOURNAL), 'journal');
  const isNew = journalFiles.every((number) => number === FIRST_JOURNAL_FILE);
  if (isNew && (await disk.list(LOGS)).length === 0) {
    if (journalFiles.length === 0 || (await hasNoGroups(disk))) return;
  }
  throw new LogError('corrupt', `the data directory holds data, but no ${MANIFEST}`);
};

/** Behind the header there may be zeros that fill up its block. */
const hasNoGroups = async (disk: Disk): Promise<boolean> => {
  const bytes = await readWhole(disk, journalPath(FIRST_JOURNAL_FILE), DURABLE_BLOCK_BYTES + 1);
  const isOneBlock = bytes.length <= DURABLE_BLOCK_BYTES;
  return isOneBlock && bytes.subarray(JOURNAL_HEADER_BYTES).every((byte) => byte === 0);
};

const makeDirectories = async (disk: Disk): Promise<void> => {
  for (const directory of [JOURNAL, LOGS]) await disk.makeDirectory(directory);
  await disk.syncDirectory(ROOT);
};

const tableOf = (manifest: Manifest, limits: EmbeddedLimits): LogTable => {
  const table = new LogTable(new TailMemory(limits), manifest.nextLogNumber);
  for (const { id, number, start, end, lastArrivalMs } of manifest.logs) {
    const log = table.create(id, number);
    log.lastArrivalMs = lastArrivalMs;
    log.setEnd(end);
    table.trim(log, start);
  }
  return table;
};

/**
 * Brings memory back to what was durable: the manifest, then the journal on top of it, then the segments that the
 * manifest vouches for. May itself be cut short by a crash and begin again. Throws `corrupt` rather than pass
 * over acknowledged data, and then has changed nothing on disk.
 */
export const recover = async ({ disk, limits, onEvent }: RecoveryDeps): Promise<Recovered> => {
  const manifest = await readManifest(disk);
  if (manifest === undefined) await requireNothingThere(disk);
  await makeDirectories(disk);
  if (manifest === undefined) {
    const table = new LogTable(new TailMemory(limits));
    const journalFiles = { next: FIRST_JOURNAL_FILE, sizes: new Map<number, number>() };
    return { table, journalFiles, count: { batches: 0, bytes: 0 }, isNew: true };
  }
  const table = tableOf(manifest, limits);
  const replay = new Replay(table);
  const journalFiles = await recoverJournal(disk, manifest.journal, replay, onEvent);
  for (const log of table.all) table.trim(log, log.start);
  await disk.remove(MANIFEST_NEW);
  await removeJournalBefore(disk, manifest.journal);
  await recoverSegments(manifest, { disk, table, onEvent, parallelFilesMax: limits.parallelFilesMax });
  return { table, journalFiles, count: replay.count, isNew: false };
};
