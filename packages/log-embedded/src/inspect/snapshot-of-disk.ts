import type { Disk } from '@millrace/core';
import { LogError, type LogId } from '@millrace/log';
import { decodeManifest, type Manifest, readManifestBytes } from '../manifest.ts';
import { JOURNAL, journalPath, LOGS, logDirectory, MANIFEST, numbersOf, segmentPath } from '../paths.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';

/** The segments that the manifest names, rising in each log; how much of a log's last one counts, it says too. */
export const segmentFilesOf = ({ logs }: Pick<Manifest, 'logs'>): SnapshotFile[] =>
  logs.flatMap(({ id, segments, lastBytes }) =>
    segments.map((base, index) => ({
      path: segmentPath(id, base),
      bytes: index === segments.length - 1 ? lastBytes : undefined,
    })),
  );

/** The store on a disk that nobody writes to. Undefined when there is none. Throws `corrupt`, or `failed` for another format. */
export const snapshotOfDisk = async (disk: Disk): Promise<Snapshot | undefined> => {
  const manifest = await readManifestBytes(disk);
  const journals = numbersOf(await disk.list(JOURNAL), 'journal');
  if (manifest === undefined) {
    if (journals.length === 0 && (await disk.list(LOGS)).length === 0) return undefined;
    throw new LogError('corrupt', `the data directory holds data, but no ${MANIFEST}`);
  }
  const decoded = decodeManifest(manifest);
  return {
    manifest,
    journal: journals
      .filter((number) => number >= decoded.journal)
      .map((number) => ({ path: journalPath(number), bytes: undefined })),
    segments: segmentFilesOf(decoded),
  };
};

/** All journal and segment files there are, for a store whose manifest cannot be read. */
export const everythingOnDisk = async (disk: Disk): Promise<Snapshot> => {
  const journals = numbersOf(await disk.list(JOURNAL), 'journal');
  const segments: SnapshotFile[] = [];
  for (const log of (await disk.list(LOGS)) as LogId[]) {
    for (const base of numbersOf(await disk.list(logDirectory(log)), 'segment')) {
      segments.push({ path: segmentPath(log, base), bytes: undefined });
    }
  }
  const journal = journals.map((number) => ({ path: journalPath(number), bytes: undefined }));
  return { manifest: Buffer.alloc(0), journal, segments };
};
