import type { Disk } from '@millrace/core';
import { LogError } from '@millrace/log';
import type { OnEvent } from './event.ts';
import { endsWell, HEAD_BYTES, headIn, type JournalHead } from './journal-chain.ts';
import { JOURNAL_VERSION, type JournalContents, readJournalFile } from './journal-file.ts';
import { JOURNAL, JOURNAL_NEW, journalPath, numbersOf } from './paths.ts';
import { readWhole, withFile } from './read-whole.ts';
import type { Replay } from './replay.ts';

export interface JournalFiles {
  /** What a new file is to be called. */
  readonly next: number;
  /** Sizes of those that are there, by number. */
  readonly sizes: Map<number, number>;
}

const corrupt = (number: number, offset: number, reason: string): LogError =>
  new LogError('corrupt', `${journalPath(number)} at byte ${offset}: ${reason}`);

const contentsOf = (number: number, bytes: Buffer): JournalContents => {
  try {
    return readJournalFile(bytes);
  } catch (error) {
    throw error instanceof LogError ? corrupt(number, 0, error.message) : error;
  }
};

/** The files from `first` on: without a gap, or acknowledged data is missing. */
const filesFrom = async (disk: Disk, first: number): Promise<number[]> => {
  const numbers = numbersOf(await disk.list(JOURNAL), 'journal').filter((number) => number >= first);
  for (let expected = first; expected <= (numbers.at(-1) ?? first); expected++) {
    if (!numbers.includes(expected)) throw corrupt(expected, 0, 'the file is missing');
  }
  return numbers;
};

const headsOf = async (disk: Disk, numbers: readonly number[]): Promise<JournalHead[]> => {
  const heads: JournalHead[] = [];
  for (const number of numbers) {
    heads.push(headIn(number, await readWhole(disk, journalPath(number), HEAD_BYTES)));
  }
  return heads;
};

const check = (number: number, contents: JournalContents, heads: readonly JournalHead[]): void => {
  const { header, end, damage } = contents;
  if (header === undefined) throw corrupt(number, 0, 'no journal header');
  if (header.version !== JOURNAL_VERSION) {
    const reason = `the journal has version ${header.version}, which this release does not read`;
    throw corrupt(number, 0, reason);
  }
  if (header.number !== number) throw corrupt(number, 0, `this is file ${header.number}`);
  if (endsWell(number, contents, heads)) return;
  throw corrupt(
    number,
    damage?.offset ?? end,
    'acknowledged data is damaged; what comes after it was not read',
  );
};

/**
 * Reads the journal from file `first` on, hands over its frames, and cuts off what a crash has torn. Files behind
 * the last group were being made ahead; the first of them is replaced by the file that is made next.
 */
export const recoverJournal = async (
  disk: Disk,
  first: number,
  replay: Replay,
  onEvent: OnEvent,
): Promise<JournalFiles> => {
  const sizes = new Map<number, number>();
  const numbers = await filesFrom(disk, first);
  const heads = await headsOf(disk, numbers);
  for (const number of numbers) {
    const bytes = await readWhole(disk, journalPath(number));
    const contents = contentsOf(number, bytes);
    check(number, contents, heads);
    for (const frame of contents.frames) replay.apply(frame, number);
    if (contents.frames.length > 0) sizes.set(number, contents.end);
    if (contents.damage !== undefined) await cut(disk, number, contents.end, bytes.length, onEvent);
  }
  const last = Math.max(first - 1, ...sizes.keys());
  if (last >= first) await makeSafe(disk, last, sizes.get(last) ?? 0);
  for (const number of numbers.filter((each) => each > last + 1)) await disk.remove(journalPath(number));
  return { next: last + 1, sizes };
};

/**
 * From now on it is read, but it may be in the system's memory alone: the process before was killed, or its sync
 * failed; after that only what is written again is sure to be part of the next sync.
 */
const makeSafe = (disk: Disk, number: number, bytes: number): Promise<void> =>
  withFile(disk, journalPath(number), async (file) => {
    const groups = Buffer.allocUnsafeSlow(bytes);
    await file.read(groups, 0);
    await file.write([groups], 0);
    await file.sync();
  });

/** Before anything follows: else the next start would take the torn group for damage in the middle. */
const cut = async (
  disk: Disk,
  number: number,
  offset: number,
  bytes: number,
  onEvent: OnEvent,
): Promise<void> => {
  await withFile(disk, journalPath(number), async (file) => {
    await file.truncate(offset);
    await file.sync();
  });
  onEvent({ kind: 'journal-cut', file: journalPath(number), offset, droppedBytes: bytes - offset });
};

/** Files before `first`, which segments have made needless, and what is left of one that was being made. */
export const removeJournalBefore = async (disk: Disk, first: number): Promise<void> => {
  await disk.remove(JOURNAL_NEW);
  for (const number of numbersOf(await disk.list(JOURNAL), 'journal')) {
    if (number < first) await disk.remove(journalPath(number));
  }
};
