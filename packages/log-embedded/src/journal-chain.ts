import {
  GROUP_HEADER_BYTES,
  JOURNAL_HEADER_BYTES,
  type JournalContents,
  readJournalFile,
} from './journal-file.ts';

/** The first group of a journal file tells where the file before it ended. */
export interface JournalHead {
  readonly number: number;
  /** Undefined when there is no sign of a group. */
  readonly previousEnd: number | undefined;
}

/** Enough of a file to see its first group's header. */
export const HEAD_BYTES = JOURNAL_HEADER_BYTES + GROUP_HEADER_BYTES;

/** What the first bytes of the file tell. */
export const headIn = (number: number, bytes: Buffer): JournalHead => ({
  number,
  previousEnd: readJournalFile(bytes).previousEnd,
});

/** By what came later. Undefined when nothing did: then the end is where a crash has left it. */
const toldEnd = (number: number, heads: readonly JournalHead[]): number | undefined => {
  const later = heads.filter((head) => head.number > number && head.previousEnd !== undefined);
  if (later.length === 0) return undefined;
  return later.find((head) => head.number === number + 1)?.previousEnd ?? Number.NaN;
};

/** Whether the file ends where it should: damage is let pass only where a crash leaves it, at the end of everything. */
export const endsWell = (
  number: number,
  { damage, end }: JournalContents,
  heads: readonly JournalHead[],
): boolean => {
  const told = toldEnd(number, heads);
  if (told === undefined) return damage === undefined || damage.isTorn;
  return damage === undefined && end === told;
};
