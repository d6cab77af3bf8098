import type { JournalContents } from './journal-file.ts';

/** The first group of a journal file tells where the file before it ended. */
export interface JournalHead {
  readonly number: number;
  /** Undefined when there is no sign of a group. */
  readonly previousEnd: number | undefined;
}

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
