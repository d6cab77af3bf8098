import type { Disk } from '@millrace/core';
import { DiskError } from '@millrace/core';
import type { LogId } from '@millrace/log';
import type { Manifest } from '../manifest.ts';
import { indexPath, JOURNAL, journalPath, LOGS, logDirectory, MANIFEST_NEW, ROOT } from '../paths.ts';
import type { Ledger } from './ledger.ts';
import { segmentsOf } from './segments-of.ts';
import type { VerifyCount } from './verify-count.ts';

interface RemainsCheck {
  readonly disk: Disk;
  readonly manifest: Manifest;
  readonly ledger: Ledger;
  readonly count: VerifyCount;
}

const NEEDLESS = 'nothing refers to it: the next start removes it';

/** Tells of the files in the engine's own directories that no start will read. */
export const findRemains = async ({ disk, manifest, ledger, count }: RemainsCheck): Promise<void> => {
  if ((await disk.list(ROOT)).includes(MANIFEST_NEW)) count.note({ file: MANIFEST_NEW, message: NEEDLESS });
  const firstJournal = journalPath(manifest.journal);
  for (const name of await disk.list(JOURNAL)) {
    const file = `${JOURNAL}/${name}`;
    if (!(name.endsWith('.journal') && file >= firstJournal)) count.note({ file, message: NEEDLESS });
  }
  const logs = new Map([...ledger.logs].map((log) => [log.id as string, log]));
  for (const id of await disk.list(LOGS)) {
    const log = logs.get(id);
    const wanted = new Set(
      (log === undefined ? [] : segmentsOf(log)).flatMap(({ path, base }) => [
        path,
        indexPath(id as LogId, base),
      ]),
    );
    for (const file of await filesIn(disk, id))
      if (!wanted.has(file)) count.note({ file, message: NEEDLESS });
  }
};

const filesIn = async (disk: Disk, id: string): Promise<string[]> => {
  try {
    const directory = logDirectory(id as LogId);
    return (await disk.list(directory)).map((name) => `${directory}/${name}`);
  } catch (error) {
    // A file where a directory belongs.
    if (error instanceof DiskError) return [`${LOGS}/${id}`];
    throw error;
  }
};
