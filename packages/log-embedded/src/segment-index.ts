import type { Disk, DiskFile } from '@millrace/core';
import { BatchScan, type ScanStart } from './batch-scan.ts';
import { hasCode } from './errors.ts';
import type { OnEvent } from './event.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import type { EmbeddedLimits } from './limits.ts';
import { checkSegmentHeader, SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';
import { type IndexEntry, SparseIndex } from './sparse-index.ts';

export interface IndexDeps {
  readonly disk: Disk;
  readonly limits: EmbeddedLimits;
  readonly onEvent: OnEvent;
}

/** Where the first batch stands. */
export const firstOf = ({ base }: Segment): ScanStart => ({ position: base, offset: SEGMENT_HEADER_BYTES });

/** Adds the entries that the index lacks, from the batches themselves. Returns what it added. */
const complete = async (
  index: SparseIndex,
  segment: Segment,
  file: DiskFile,
  segmentBytes: number,
  deps: IndexDeps,
): Promise<IndexEntry[]> => {
  const from = index.last ?? firstOf(segment);
  const scan = new BatchScan(file, segment, segmentBytes, from, deps.limits.portionBytesMax);
  const added: IndexEntry[] = [];
  let offset = from.offset;
  for (let batches = await scan.next(); batches.length > 0; batches = await scan.next()) {
    for (const { position, arrivalMs, bytes } of batches) {
      const entry = { position, arrivalMs, offset };
      if (index.offer(entry)) added.push(entry);
      offset += bytes.length;
    }
  }
  return added;
};

const checkHeader = async (segment: Segment, file: DiskFile): Promise<void> => {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  await file.read(header, 0);
  checkSegmentHeader(segment, header);
};

/** The size of the segment, from the disk the first time. */
export const segmentBytesOf = async (segment: Segment, file: DiskFile): Promise<number> => {
  segment.bytes ??= await file.size();
  return segment.bytes;
};

/**
 * A segment's index, from its file. That is never synced, so after a crash it may lack entries: they are added
 * from the segment, as far as it is intact. Those who want it at the same time wait for one.
 */
export const loadIndex = (segment: Segment, file: DiskFile, deps: IndexDeps): Promise<SparseIndex> => {
  segment.indexLoading ??= readIndex(segment, file, deps).finally(() => {
    segment.indexLoading = undefined;
  });
  return segment.indexLoading;
};

const readIndex = async (segment: Segment, file: DiskFile, deps: IndexDeps): Promise<SparseIndex> => {
  await checkHeader(segment, file);
  const segmentBytes = await segmentBytesOf(segment, file);
  const index = new SparseIndex(deps.limits.indexGapBytes);
  index.load(await readIndexFile(deps.disk, segment.indexPath), firstOf(segment), segmentBytes);
  const known = index.length;
  try {
    const added = await complete(index, segment, file, segmentBytes, deps);
    await writeIndexFile(deps.disk, segment.indexPath, known, added);
  } catch (error) {
    // Damage is for those to report who want just that place; and a repair that does not fit can wait.
    if (!hasCode(error, 'corrupt') && index.length === known) throw error;
  }
  segment.index = index;
  return index;
};

/**
 * Settles whether damage lies in the segment or only in its index, by reading all of the segment once. Throws
 * the damage of the segment; else the index has been made again, and what was not found before can be found now.
 */
const rebuildIndex = async (segment: Segment, file: DiskFile, deps: IndexDeps): Promise<void> => {
  const index = new SparseIndex(deps.limits.indexGapBytes);
  index.isVerified = true;
  if (segment.index !== undefined) segment.index.isVerified = true;
  await complete(index, segment, file, await segmentBytesOf(segment, file), deps);
  segment.index = index;
  segment.firstArrivalMs = undefined;
  deps.onEvent({ kind: 'index-rebuilt', file: segment.indexPath });
};

/** Runs `work` with the segment's index, a second time when the index led it astray. */
export const withIndex = async <Result>(
  segment: Segment,
  file: DiskFile,
  deps: IndexDeps,
  work: (index: SparseIndex) => Promise<Result>,
): Promise<Result> => {
  const index = segment.index ?? (await loadIndex(segment, file, deps));
  try {
    return await work(index);
  } catch (error) {
    if (!hasCode(error, 'corrupt') || index.isVerified) throw error;
    await rebuildIndex(segment, file, deps);
    return await work(segment.index ?? index);
  }
};
