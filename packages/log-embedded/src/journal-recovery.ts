import type { Disk, DiskFile } from '@millrace/core';
import { LogError } from '@millrace/log';
import type { OnEvent } from './event.ts';
import { type JournalContents, readJournalFile } from './journal-file.ts';
import { JOURNAL, journalPath, numbersOf } from './paths.ts';
import type { Replay } from './replay.ts';

export interface JournalFiles {
  /** What a new file is to be called. */
  readonly next: number;
  /** Sizes of those that are there, by number. */
  readonly sizes: Map<number, number>;
}

const corrupt = (number: number, offset: number, reason: string): LogError =>
  new LogError('corrupt', `${journalPath(number)} at byte ${offset}: ${reason}`);

const withFile = async <Result>(
  disk: Disk,
  number: number,
  work: (file: DiskFile) => Promise<Result>,
): Promise<Result> => {
  const file = await disk.open(journalPath(number));
  try {
    return await work(file);
  } finally {
    await file.close();
  }
};

const readWhole = (disk: Disk, number: number): Promise<Buffer> =>
  withFile(disk, number, async (file) => {
    const bytes = Buffer.allocUnsafeSlow(await file.size());
    return bytes.subarray(0, await file.read(bytes, 0));
  });

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

/** Damage is let pass only where a crash leaves it: at the end of everything. */
const check = (number: number, isLast: boolean, { header, damage }: JournalContents): void => {
  if (header !== undefined && header.version !== 1)
    throw corrupt(number, 0, `version ${header.version} is not known`);
  if (header !== undefined && header.number !== number)
    throw corrupt(number, 0, `this is file ${header.number}`);
  if (damage === undefined || (isLast && damage.isTorn)) return;
  throw corrupt(number, damage.offset, 'acknowledged data is damaged; what comes after it was not read');
};

/** Reads the journal from file `first` on, hands over its frames, and cuts off what a crash has torn. */
export const recoverJournal = async (
  disk: Disk,
  first: number,
  replay: Replay,
  onEvent: OnEvent,
): Promise<JournalFiles> => {
  const sizes = new Map<number, number>();
  const numbers = await filesFrom(disk, first);
  for (const number of numbers) {
    const isLast = number === numbers.at(-1);
    const bytes = await readWhole(disk, number);
    const contents = contentsOf(number, bytes);
    check(number, isLast, contents);
    // The file was being made: nothing was in it, and the next one takes its name.
    if (contents.header === undefined && number > first) return { next: number, sizes };
    if (contents.header === undefined) throw corrupt(number, 0, 'no journal header');
    for (const frame of contents.frames) replay.apply(frame, number);
    sizes.set(number, contents.damage?.offset ?? bytes.length);
    if (contents.damage !== undefined) await cut(disk, number, contents.damage.offset, bytes.length, onEvent);
  }
  return { next: first + numbers.length, sizes };
};

/** Before anything follows: else the next start would take the torn group for damage in the middle. */
const cut = async (
  disk: Disk,
  number: number,
  offset: number,
  bytes: number,
  onEvent: OnEvent,
): Promise<void> => {
  await withFile(disk, number, async (file) => {
    await file.truncate(offset);
    await file.sync();
  });
  onEvent({ kind: 'journal-cut', file: journalPath(number), offset, droppedBytes: bytes - offset });
};

/** Files before `first`, which segments have made needless. */
export const removeJournalBefore = async (disk: Disk, first: number): Promise<void> => {
  for (const number of numbersOf(await disk.list(JOURNAL), 'journal')) {
    if (number < first) await disk.remove(journalPath(number));
  }
};
