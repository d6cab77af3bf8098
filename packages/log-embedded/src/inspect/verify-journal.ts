import type { Disk } from '@millrace/core';
import { LogError } from '@millrace/log';
import { isNotFound } from '../errors.ts';
import { FRAME_KINDS, type Frame } from '../frame.ts';
import { endsWell, HEAD_BYTES, headIn, type JournalHead } from '../journal-chain.ts';
import { JOURNAL_VERSION, type JournalContents, readJournalFile } from '../journal-file.ts';
import type { Manifest } from '../manifest.ts';
import { journalPath } from '../paths.ts';
import { readWhole } from '../read-whole.ts';
import { entriesProblem } from './entries.ts';
import type { Ledger } from './ledger.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';
import type { VerifyCount } from './verify-count.ts';

export interface JournalCheck {
  readonly disk: Disk;
  readonly snapshot: Snapshot;
  readonly manifest: Manifest;
  readonly ledger: Ledger;
  readonly count: VerifyCount;
}

const CLOSED = 'the store will not open';
const BEHIND = 'acknowledged changes are damaged, and what comes behind them in this file was not read';

/** The files in the order in which a start reads them, and those that ought to stand between them. */
const filesOf = ({ journal }: Snapshot, first: number): Map<number, SnapshotFile | undefined> => {
  const byPath = new Map(journal.map((file) => [file.path, file]));
  const files = new Map<number, SnapshotFile | undefined>();
  for (let number = first; byPath.size > 0; number++) {
    const path = journalPath(number);
    files.set(number, byPath.get(path));
    byPath.delete(path);
  }
  if (files.size === 0) files.set(first, undefined);
  return files;
};

/** Reads the journal as a start does, one file at a time, and books what it tells. */
export const verifyJournal = async (check: JournalCheck): Promise<void> => {
  const files = filesOf(check.snapshot, check.manifest.journal);
  const heads: JournalHead[] = [];
  for (const [number, file] of files) heads.push(await headOf(check.disk, number, file));
  for (const [number, file] of files) await verifyFile(check, number, file, heads);
};

const headOf = async (disk: Disk, number: number, file: SnapshotFile | undefined): Promise<JournalHead> => {
  const wanted = file && { path: file.path, bytes: Math.min(file.bytes ?? HEAD_BYTES, HEAD_BYTES) };
  const head = wanted && (await bytesOf(disk, wanted));
  return head === undefined ? { number, previousEnd: undefined } : headIn(number, head);
};

const verifyFile = async (
  check: JournalCheck,
  number: number,
  file: SnapshotFile | undefined,
  heads: readonly JournalHead[],
): Promise<void> => {
  const { count } = check;
  const path = journalPath(number);
  const bytes = file && (await bytesOf(check.disk, file));
  if (bytes === undefined) {
    const message = `the file is missing, and with it acknowledged changes: ${CLOSED}`;
    return count.damage({ file: path, message });
  }
  count.journalFile();
  count.read(bytes.length);
  const contents = contentsOf(check, path, bytes);
  if (contents === undefined || !isHeaderGood(check, number, contents)) return;
  for (const frame of contents.frames) {
    bookFrame(check, path, frame.bytes.byteOffset - bytes.byteOffset, frame);
  }
  tellOfEnd(check, number, contents, { heads, bytes: bytes.length });
};

const bytesOf = async (disk: Disk, { path, bytes }: SnapshotFile): Promise<Buffer | undefined> => {
  try {
    return await readWhole(disk, path, bytes);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

const contentsOf = ({ count }: JournalCheck, file: string, bytes: Buffer): JournalContents | undefined => {
  try {
    return readJournalFile(bytes);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    count.damage({ file, message: `${error.message} ${CLOSED}` });
    return undefined;
  }
};

const headerProblem = (number: number, { header }: JournalContents): string | undefined => {
  if (header === undefined) return 'no journal header';
  if (header.version !== JOURNAL_VERSION) return `version ${header.version}, not ${JOURNAL_VERSION}`;
  return header.number === number ? undefined : `this is file ${header.number} under another name`;
};

const isHeaderGood = ({ count }: JournalCheck, number: number, contents: JournalContents): boolean => {
  const problem = headerProblem(number, contents);
  if (problem === undefined) return true;
  count.damage({ file: journalPath(number), offset: 0, message: `${problem}: ${CLOSED}` });
  return false;
};

const bookFrame = ({ ledger, count }: JournalCheck, file: string, offset: number, frame: Frame): void => {
  const isBatch = frame.kind === FRAME_KINDS.append;
  const { isNew, log, problem } = ledger.book(frame);
  if (problem !== undefined) count.damage({ file, offset, ...problem });
  if (!isBatch || !isNew) return;
  count.batch(frame);
  const wrong = entriesProblem(frame);
  const lost = { from: frame.position, to: frame.position + frame.count };
  if (wrong !== undefined) count.damage({ file, offset, log, lost, message: wrong });
};

const tellOfEnd = (
  { count }: JournalCheck,
  number: number,
  contents: JournalContents,
  { heads, bytes }: { readonly heads: readonly JournalHead[]; readonly bytes: number },
): void => {
  const file = journalPath(number);
  const { end, damage } = contents;
  if (!endsWell(number, contents, heads)) {
    count.damage({ file, offset: damage?.offset ?? end, message: `${BEHIND}: ${CLOSED}` });
  } else if (damage !== undefined) {
    const message = `${bytes - end} bytes that a crash has torn: nobody was told that they were safe, and the next start cuts them off`;
    count.note({ file, offset: end, message });
  }
};
