import type { Finding, LostPositions, VerifySummary } from '@millrace/log-embedded';

const lostText = ({ from, to }: LostPositions): string => {
  if (to === undefined) return `; the records from position ${from} on are lost`;
  if (to === from + 1) return `; the record at position ${from} is lost`;
  return `; the records at positions ${from} to ${to - 1} are lost`;
};

/** One line: where, what, and what follows from it. */
export const findingText = ({ severity, file, offset, log, lost, message }: Finding): string => {
  const place = `${file}${offset === undefined ? '' : ` at byte ${offset}`}`;
  const whose = log === undefined ? '' : ` (log ${log})`;
  return `${severity}: ${place}${whose}: ${message}${lost === undefined ? '' : lostText(lost)}`;
};

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** What was looked at. */
export const summaryText = (summary: VerifySummary): string => {
  const { logs, segments, journalFiles, batches, encryptedBatches, records } = summary;
  const encrypted = encryptedBatches === 0 ? '' : ` (${encryptedBatches} encrypted: their form was checked)`;
  return `${counted(logs, 'log')}, ${counted(segments, 'segment')}, ${counted(journalFiles, 'journal file')}: ${counted(batches, 'batch', 'batches')}${encrypted}, ${counted(records, 'record')}`;
};

/** The last line, which says whether all is well. */
export const verdictText = ({ damages, lostRecords }: VerifySummary): string => {
  if (damages === 0) return 'Good: everything that was acknowledged is there.';
  return `Damaged: ${counted(damages, 'place')}, ${counted(lostRecords, 'record')} known to be lost.`;
};
