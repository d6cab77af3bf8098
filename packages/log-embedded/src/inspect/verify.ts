import type { Disk } from '@millrace/core';
import { hasCode } from '../errors.ts';
import { decodeManifest, type Manifest } from '../manifest.ts';
import { MANIFEST } from '../paths.ts';
import type { Finding, VerifySummary } from './finding.ts';
import { Ledger } from './ledger.ts';
import { findRemains } from './remains.ts';
import type { Snapshot } from './snapshot.ts';
import { VerifyCount } from './verify-count.ts';
import { verifyJournal } from './verify-journal.ts';
import { verifySegments } from './verify-segment.ts';

export interface VerifyOptions {
  /** Only read from. */
  readonly disk: Disk;
  readonly snapshot: Snapshot;
  readonly onFinding: (finding: Finding) => void;
  /** All bytes read so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** The journal is not needed any more. */
  readonly onJournalRead?: (() => void) | undefined;
  /** Nobody writes to the disk: files that the snapshot does not name are told of. */
  readonly isAtRest: boolean;
}

/**
 * Reads all that a snapshot holds and checks it: every checksum, every batch and its place, every index entry.
 * Nothing is written. Memory holds one journal file, or one portion of a segment, at a time.
 */
export const verify = async (options: VerifyOptions): Promise<VerifySummary> => {
  const { disk, snapshot, onFinding, onProgress, onJournalRead, isAtRest } = options;
  const count = new VerifyCount(onFinding, onProgress);
  const manifest = readManifest(snapshot, count);
  if (manifest === undefined) return count.summary(0);
  const ledger = new Ledger(manifest);
  await verifyJournal({ disk, snapshot, manifest, ledger, count });
  onJournalRead?.();
  await verifySegments({ disk, ledger, count, isAtRest });
  if (isAtRest) await findRemains({ disk, manifest, ledger, count });
  return count.summary(ledger.size);
};

/** Without it nothing tells what counts. */
const readManifest = ({ manifest }: Snapshot, count: VerifyCount): Manifest | undefined => {
  try {
    count.read(manifest.length);
    return decodeManifest(manifest);
  } catch (error) {
    if (!hasCode(error, 'corrupt') || !(error instanceof Error)) throw error;
    count.damage({ file: MANIFEST, message: `${error.message}: the store will not open` });
    return undefined;
  }
};
