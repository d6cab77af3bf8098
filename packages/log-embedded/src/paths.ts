import { type LogId, logIdOf } from '@millrace/log';

/** All names below the data directory that are the engine's; it touches no others. */
export const ROOT = '';
export const MANIFEST = 'manifest';
export const MANIFEST_NEW = 'manifest.new';
export const JOURNAL = 'journal';
/** The next journal file while it is being made. */
export const JOURNAL_NEW = 'journal/new';
export const LOGS = 'logs';

const DIGITS = 20;
const NAME_FORM = /^(\d{20})\.(journal|segment|index)$/;

const padded = (value: number): string => String(value).padStart(DIGITS, '0');

export const journalPath = (number: number): string => `${JOURNAL}/${padded(number)}.journal`;
export const logDirectory = (log: LogId): string => `${LOGS}/${log}`;
export const segmentPath = (log: LogId, base: number): string => `${LOGS}/${log}/${padded(base)}.segment`;
export const indexPath = (log: LogId, base: number): string => `${LOGS}/${log}/${padded(base)}.index`;

/** The numbers in the names that end so, rising; other names are left out. */
export const numbersOf = (names: readonly string[], suffix: 'journal' | 'segment' | 'index'): number[] =>
  names.flatMap((name) => {
    const [, digits, end] = NAME_FORM.exec(name) ?? [];
    return end === suffix ? [Number(digits)] : [];
  });

const SEGMENT_FORM = /^logs\/([a-z0-9-]{1,64})\/(\d{20})\.segment$/;

/** Whose segment has this path, and where it begins; undefined when it is none. */
export const segmentPlaceOf = (path: string): { readonly log: LogId; readonly base: number } | undefined => {
  const [, id, digits] = SEGMENT_FORM.exec(path) ?? [];
  return id === undefined ? undefined : { log: logIdOf(id), base: Number(digits) };
};
