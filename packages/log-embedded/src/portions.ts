import type { DiskFile } from '@millrace/core';
import { endOf } from './batch.ts';
import { BatchScan, type ScanStart } from './batch-scan.ts';
import type { EmbeddedLimits } from './limits.ts';
import { type Portion, PortionCache } from './portion-cache.ts';
import type { Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';
import { firstOf, segmentBytesOf } from './segment-index.ts';
import type { IndexEntry, SparseIndex } from './sparse-index.ts';

const nothing = (): void => {};

/** The batches from one place to another. Throws `corrupt` when one is damaged or they do not fit the places. */
const readPortion = async (
  segment: Segment,
  file: DiskFile,
  from: ScanStart,
  to: IndexEntry | undefined,
): Promise<Portion> => {
  const endOffset = to?.offset ?? (await segmentBytesOf(segment, file));
  const bytes = endOffset - from.offset;
  const scan = new BatchScan(file, segment, endOffset, from, bytes);
  const batches = await scan.next();
  if ((await scan.next()).length > 0) throw segment.corrupt(from.offset, 'a portion in two parts');
  const last = batches.at(-1);
  const end = last === undefined ? from.position : endOf(last);
  if (to !== undefined && to.position !== end) {
    throw segment.corrupt(endOffset, `position ${end} where ${to.position} is indexed`);
  }
  return { batches, end, bytes };
};

/**
 * Segments as readers see them: in portions whose borders are the same for all, so that readers of the same records
 * share one reading of the disk and one check of it.
 */
export class Portions {
  readonly #files: SegmentFiles;
  readonly #portionBytes: number;
  readonly #cache: PortionCache;

  constructor(
    files: SegmentFiles,
    {
      portionBytesMax,
      portionCacheBytesMax,
    }: Pick<EmbeddedLimits, 'portionBytesMax' | 'portionCacheBytesMax'>,
  ) {
    this.#files = files;
    this.#portionBytes = portionBytesMax;
    this.#cache = new PortionCache(portionCacheBytesMax);
  }

  /** The portion that holds the position. Rejects with `corrupt` for damage anywhere in it. */
  async at(segment: Segment, index: SparseIndex, position: number): Promise<Portion> {
    const { from = firstOf(segment), to } = index.stretch(position, this.#portionBytes) ?? {};
    const key = `${segment.logNumber}/${segment.base}/${from.offset}`;
    const load = () => this.#files.use(segment, (file) => readPortion(segment, file, from, to));
    const portion = await this.#cache.get(key, position, load);
    if (portion.end > position) return portion;
    throw segment.corrupt(from.offset, `position ${position} is not where the index has it`);
  }

  /** Begins to read the portion that holds the position, for one who is about to want it. */
  ahead(segment: Segment, index: SparseIndex, position: number): void {
    // Whoever comes for it is told of what is wrong with it.
    if (position < segment.end) this.at(segment, index, position).catch(nothing);
  }
}
