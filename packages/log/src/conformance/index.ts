import { describe, test } from 'node:test';
import { appendLaws } from './append-laws.ts';
import { encryptionLaws } from './encryption-laws.ts';
import { lifeLaws } from './life-laws.ts';
import { readLaws } from './read-laws.ts';
import type { CreateSubject, State } from './subject.ts';
import { timeLaws } from './time-laws.ts';
import { trimLaws } from './trim-laws.ts';
import { waitLaws } from './wait-laws.ts';

export { readAll } from './fixtures.ts';
export { ManualClock } from './manual-clock.ts';
export { FIRST_KEY, ManualKeys, SECOND_KEY } from './manual-keys.ts';
export type { CreateSubject, Subject } from './subject.ts';

const CHAPTERS: Readonly<Record<string, (law: State) => void>> = {
  appending: appendLaws,
  reading: readLaws,
  'finding by time': timeLaws,
  'bounds and trimming': trimLaws,
  waiting: waitLaws,
  'making, deleting, closing': lifeLaws,
  encryption: encryptionLaws,
};

/** Holds an engine to every law of the `LogEngine` contract, each on a store of its own. */
export const engineConformance = (name: string, create: CreateSubject): void => {
  const law: State = (sentence, attempt) => {
    test(sentence, async () => {
      const subject = await create();
      try {
        await attempt(subject);
      } finally {
        await subject.close();
      }
    });
  };
  describe(name, () => {
    for (const [chapter, state] of Object.entries(CHAPTERS)) describe(chapter, () => state(law));
  });
};
